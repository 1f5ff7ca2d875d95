import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { type CelContext, visible } from './cel.ts';
import type { CompiledPlaybook } from './compiled.ts';

type Service = Estate['services'][number];
export type Labels = Readonly<Record<string, string>>;

/** What is known beside the finding. */
export interface Situation {
  readonly estate: Pick<Estate, 'services' | 'sites'>;
  /** Of each alert of the incident. */
  readonly alerts: readonly Labels[];
}

export function serviceOf({ entity }: Pick<Finding, 'entity'>, { services }: Pick<Estate, 'services'>): Service | undefined {
  return services.find(({ site, namespace, name }) => site === entity.site && namespace === entity.namespace && name === entity.name);
}

/** The labels of the alert that a playbook asks for; where it asks for none, of the first. Null: there is no such alert. */
function alertOf({ playbook }: CompiledPlaybook, alerts: readonly Labels[]): Labels | null {
  const { alerts: wanted } = playbook.when;
  if (wanted === undefined) return alerts[0] ?? {};
  return (
    alerts.find((labels) => Object.entries(wanted).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value)) ?? null
  );
}

/** Words from outside (titles, logs, excerpts) are not among it: no text changes which playbook applies. */
export function contextOf(finding: Finding, labels: Labels, situation: Situation): CelContext {
  const { site, kind, namespace, name } = finding.entity;
  return {
    cause: finding.cause,
    confidence: finding.confidence,
    entity: { site, kind, namespace: namespace ?? '', name },
    facts: visible(finding.facts),
    labels: visible(labels),
    service: serviceOf(finding, situation.estate)?.name ?? '',
    reads: visible({}),
  };
}

/** What a model says is no finding of an analyzer: no playbook applies to it. */
const isChecked = ({ cause }: Finding) => !cause.startsWith('model:');

/** With what its expressions see; null: it does not apply. */
export function applies(compiled: CompiledPlaybook, finding: Finding, situation: Situation): CelContext | null {
  const { causes, confidence, kinds, facts, services } = compiled.playbook.when;
  const service = serviceOf(finding, situation.estate);
  const fits =
    isChecked(finding) &&
    causes?.includes(finding.cause) !== false &&
    finding.confidence >= confidence &&
    kinds?.includes(finding.entity.kind) !== false &&
    facts.every((fact) => Object.hasOwn(finding.facts, fact)) &&
    (services === undefined || (service !== undefined && services.includes(service.name)));
  const labels = fits ? alertOf(compiled, situation.alerts) : null;
  if (labels === null) return null;
  const context = contextOf(finding, labels, situation);
  return compiled.when(context) === true ? context : null;
}

export interface Match {
  readonly compiled: CompiledPlaybook;
  readonly context: CelContext;
}

/** Those that apply: the most specific first, of equals the operator's own, then by name. */
export function matching(playbooks: readonly CompiledPlaybook[], finding: Finding, situation: Situation): readonly Match[] {
  return playbooks
    .flatMap((compiled): Match[] => {
      const context = applies(compiled, finding, situation);
      return context === null ? [] : [{ compiled, context }];
    })
    .toSorted(({ compiled: a }, { compiled: b }) => {
      const own = Number(b.origin === 'own') - Number(a.origin === 'own');
      return b.specificity - a.specificity || own || (a.playbook.name < b.playbook.name ? -1 : 1);
    });
}

/** The surest first. */
export function ranked(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
}
