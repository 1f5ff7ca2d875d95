import type { Check } from '../../tools/contract.ts';
import type { Concluded } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { PlanDraft, StepDraft } from '../contracts/plan.ts';
import type { CelContext } from './cel.ts';
import type { CompiledPlaybook, CompiledStep, CompiledVerify, Operations, PlaybookSet } from './compiled.ts';
import { type Match, matching, ranked, type Situation, serviceOf } from './match.ts';
import { observed, type ReadOutput } from './observe.ts';

/** Everything that a proposal comes of. */
export interface Proposing extends Situation {
  readonly operations: Pick<Operations, 'get'>;
  readonly set: Pick<PlaybookSet, 'playbooks' | 'hash'>;
  readonly output: ReadOutput;
}

export type Proposal =
  | { readonly kind: 'plan'; readonly draft: PlanDraft }
  | { readonly kind: 'concluded'; readonly concluded: Concluded }
  | { readonly kind: 'none' };

const hasPrometheus = ({ estate }: Situation, site: string) =>
  estate.sites.some(({ name, systems }) => name === site && systems.includes('prometheus'));

/** Where the service has no such query, or the site no Prometheus, the operation's own checks have to do. Null: it cannot be filled in. */
function checkOf(verify: CompiledVerify, finding: Finding, context: CelContext, situation: Situation): readonly Check[] | null {
  const service = serviceOf(finding, situation.estate);
  if (!hasPrometheus(situation, finding.entity.site)) return [];
  if (verify.kind === 'error_rate') {
    if (service === undefined || service.errorRateQuery === null) return [];
    return [
      {
        title: `Error rate of ${service.name} is below ${service.errorRateLimit}`,
        operation: 'prometheus.query',
        input: { expr: service.errorRateQuery },
        expect: [{ pointer: '/value', op: 'lt', value: service.errorRateLimit }],
        withinSeconds: service.verifyWithinSeconds,
        stableSeconds: Math.min(verify.stable, Math.floor(service.verifyWithinSeconds / 2)),
      },
    ];
  }
  const [title, expr] = [verify.title(context), verify.query(context)];
  return typeof title === 'string' && typeof expr === 'string' ? [{ ...verify.check, title, input: { expr } }] : null;
}

function stepOf(
  step: CompiledStep,
  finding: Finding,
  context: CelContext,
  all: Pick<Proposing, 'operations' | 'estate' | 'alerts'>,
): StepDraft | null {
  const operation = all.operations.get(step.operation);
  const input = step.input(context);
  if (operation?.kind !== 'write' || !operation.input.safeParse(input).success) return null;
  const checks = step.verify.map((verify) => checkOf(verify, finding, context, all));
  if (checks.includes(null)) return null;
  return {
    operation: step.operation,
    site: finding.entity.site,
    input: input as Record<string, unknown>,
    verification: checks.flatMap((check) => check ?? []),
  };
}

/** The steps with their inputs; null: what is needed is not there, or is not what an operation takes. */
export function stepsOf(
  { propose }: CompiledPlaybook,
  finding: Finding,
  context: CelContext,
  all: Pick<Proposing, 'operations' | 'estate' | 'alerts'>,
): readonly StepDraft[] | null {
  if (propose === null || propose.when(context) !== true) return null;
  const steps = propose.steps.map((step) => stepOf(step, finding, context, all));
  return steps.every((step) => step !== null) ? steps : null;
}

const words = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function concludedOf({ conclude, playbook, sha256, file }: CompiledPlaybook, context: CelContext, hash: string): Concluded | null {
  const says = conclude === null ? null : words(conclude.says(context));
  if (conclude === null || says === null) return null;
  return { playbook: playbook.name, file, sha256, set: hash, says, ask: conclude.ask.flatMap((one) => words(one(context)) ?? []) };
}

function proposalOf({ compiled, context }: Match, others: readonly Match[], finding: Finding, all: Proposing): Proposal {
  const seen = observed(all.operations, compiled, context, all.output).context;
  const steps = stepsOf(compiled, finding, seen, all);
  const goal = words(compiled.propose?.goal(seen));
  if (steps !== null && goal !== null) {
    const { playbook, file, sha256, specificity, origin } = compiled;
    const over = others.map((other) => ({ playbook: other.compiled.playbook.name, specificity: other.compiled.specificity }));
    const provenance = { file, origin, sha256, set: all.set.hash, specificity, over };
    return { kind: 'plan', draft: { playbook: playbook.name, goal, findings: [finding.id], steps: [...steps], provenance } };
  }
  const concluded = concludedOf(compiled, seen, all.set.hash);
  return concluded === null ? { kind: 'none' } : { kind: 'concluded', concluded };
}

/**
 * What the playbooks say of the surest finding that one applies to: a plan, or that there is none and what people have to decide. Which
 * operations can come of it is written in the playbooks.
 */
export function propose(findings: readonly Finding[], all: Proposing): Proposal {
  for (const finding of ranked(findings)) {
    const matches = matching(all.set.playbooks, finding, all);
    for (const match of matches) {
      const proposal = proposalOf(
        match,
        matches.filter((one) => one !== match),
        finding,
        all,
      );
      if (proposal.kind !== 'none') return proposal;
    }
  }
  return { kind: 'none' };
}
