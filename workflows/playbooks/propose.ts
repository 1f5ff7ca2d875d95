import type { Check } from '../../tools/contract.ts';
import type { Finding } from '../contracts/finding.ts';
import type { PlanDraft, StepDraft } from '../contracts/plan.ts';
import type { Estate } from '../ports.ts';
import type { Playbook, PlaybookValue } from './contract.ts';

type Service = Estate['services'][number];

function applies(playbook: Playbook, finding: Finding): boolean {
  const { causes, confidence, facts } = playbook.when;
  return causes.includes(finding.cause) && finding.confidence >= confidence && facts.every((fact) => finding.facts[fact] !== undefined);
}

function resolveValue(value: PlaybookValue, finding: Finding): unknown {
  if (typeof value !== 'object') return value;
  const [source, key = ''] = value.from.split('.');
  return source === 'facts' ? finding.facts[key] : finding.entity[key as keyof Finding['entity']];
}

/** Seconds for which the error rate must stay below its limit before the fix counts. */
const errorRateStableSeconds = 5;

function errorRateCheck(service: Service): Check | null {
  if (service.errorRateQuery === null) return null;
  return {
    title: `Error rate of ${service.name} is below ${service.errorRateLimit}`,
    operation: 'prometheus.query',
    input: { expr: service.errorRateQuery },
    expect: [{ pointer: '/value', op: 'lt', value: service.errorRateLimit }],
    withinSeconds: service.verifyWithinSeconds,
    stableSeconds: errorRateStableSeconds,
  };
}

function serviceOf(finding: Finding, estate: Estate): Service | undefined {
  const { site, namespace, name } = finding.entity;
  return estate.services.find((service) => service.site === site && service.namespace === namespace && service.name === name);
}

function stepOf(step: Playbook['propose']['steps'][number], finding: Finding, estate: Estate): StepDraft {
  const service = serviceOf(finding, estate);
  const check = step.verifyErrorRate && service !== undefined ? errorRateCheck(service) : null;
  const input = Object.fromEntries(Object.entries(step.input).map(([key, value]) => [key, resolveValue(value, finding)]));
  return { operation: step.operation, site: finding.entity.site, input, verification: check === null ? [] : [check] };
}

/** The first playbook that fits the surest finding; null when none does. Which operations can come of it is written in the playbooks. */
export function propose(findings: readonly Finding[], playbooks: readonly Playbook[], estate: Estate): PlanDraft | null {
  const ranked = findings.toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  for (const finding of ranked) {
    const playbook = playbooks.find((candidate) => applies(candidate, finding));
    if (playbook === undefined) continue;
    return {
      playbook: playbook.name,
      goal: `${playbook.propose.goal}: ${finding.entity.kind} ${finding.entity.name}`,
      findings: [finding.id],
      steps: playbook.propose.steps.map((step) => stepOf(step, finding, estate)),
    };
  }
  return null;
}
