import { z } from 'zod';
import type { Registry } from '../../tools/registry.ts';
import type { PlanDraft, StepDraft } from '../contracts/plan.ts';
import type { Estate } from '../ports.ts';
import { ungrounded } from './grounded.ts';
import { inert } from './inert.ts';
import { sitesFor } from './sites.ts';

const Step = z.strictObject({
  operation: z.string().max(100),
  site: z.string().max(63),
  /** The operation's input, as JSON: forms of answers have no free objects. */
  input: z.string().max(4_000),
});

/** What a planning model answers: `steps` empty where there is no safe fix. */
export const PlanAnswer = z.strictObject({
  goal: z.string().max(300),
  steps: z.array(Step).max(20),
  /** What it would have to know to propose one, asked of people. */
  missing: z.array(z.string().max(200)).max(6),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

export interface AcceptPlan {
  readonly registry: Registry;
  readonly estate: Pick<Estate, 'sites'>;
  readonly known: (name: string) => boolean;
  readonly findings: readonly string[];
  readonly mostSteps: number;
}

export type AcceptedPlan =
  | { readonly kind: 'draft'; readonly draft: PlanDraft }
  /** `questions`: for people, in the thread. */
  | { readonly kind: 'none'; readonly reason: string; readonly questions: readonly string[] };

/** The writes that a plan may be made of, each with the sites that have its system, for the prompt. */
export function writesOf(registry: Registry, estate: Pick<Estate, 'sites'>): string {
  return registry
    .list()
    .flatMap((operation) => {
      const { kind, name, summary, input } = operation;
      const sites = sitesFor(operation, estate);
      // What the plan itself completes is made of a direct change (workflows/gitops): a model has nothing to fill in there.
      if (kind !== 'write' || sites.length === 0 || operation.planned !== undefined) return [];
      const schema = JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
      return [`${name}, at ${sites.join(', ')}: ${summary}\n${schema}`];
    })
    .join('\n\n');
}

/** What people are asked in the thread. */
export function questionWords({ questions, minutes }: { readonly questions: readonly string[]; readonly minutes: number }): string {
  return [
    'No playbook has a safe fix for what was found. To propose one, the language model would have to know:',
    ...questions.map((question) => `• ${question}`),
    `Answer in this thread and mention me, within ${minutes} minutes. An answer changes nothing by itself: a plan that comes of it is checked and approved like any other.`,
  ].join('\n');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stepOf(step: z.infer<typeof Step>, { registry, estate, known }: AcceptPlan): StepDraft | string {
  const operation = registry.get(step.operation);
  if (operation?.kind !== 'write' || operation.planned !== undefined) return `${step.operation} is no registered change`;
  if (!sitesFor(operation, estate).includes(step.site)) return `${operation.name}: there is no such site, or it has no such system`;
  const input = operation.input.safeParse(parsed(step.input));
  if (!input.success) return `${operation.name}: the input is not valid`;
  const typed = input.data as Record<string, unknown>;
  if (ungrounded(typed, operation, known) !== undefined) return `${operation.name}: the input names what no evidence names`;
  return { operation: operation.name, site: step.site, input: typed, verification: [] };
}

/**
 * A draft of registered operations with valid inputs that the evidence names, or none. What it needs beyond that (dry run, risk, approvals,
 * verification, rollback) is worked out from the registry and policy as for any other draft: nothing of that is the model's to say.
 */
export function acceptPlan(answer: PlanAnswer, accept: AcceptPlan): AcceptedPlan {
  const questions = answer.missing.map((question) => inert(question, accept.known));
  const none = (reason: string): AcceptedPlan => ({ kind: 'none', reason, questions });
  if (answer.steps.length === 0) return none('the model proposes no change');
  if (answer.steps.length > accept.mostSteps) return none(`the model proposes more than ${accept.mostSteps} steps`);
  const steps: StepDraft[] = [];
  for (const step of answer.steps) {
    const taken = stepOf(step, accept);
    if (typeof taken === 'string') return none(`what the model proposes is not taken: ${inert(taken, accept.known)}`);
    steps.push(taken);
  }
  const goal = inert(answer.goal, accept.known).slice(0, 300);
  return { kind: 'draft', draft: { playbook: 'model', goal, findings: [...accept.findings], steps } };
}
