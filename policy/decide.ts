import { createHash } from 'node:crypto';
import { type LoadedPolicy, loadPolicy as loadWasm } from '@open-policy-agent/opa-wasm';
import { PolicyDecision, PolicyInput } from './contract.ts';
import { assertOpaModule } from './module.ts';

export const policyEntrypoint = 'policy/assistant/v1/decision';

/** Characters of JSON. 100 steps with 500 votes are a tenth of it. */
const largestInput = 1_000_000;

/** 64 KiB pages: 16 MiB, where ordinary questions take less than one. */
const memory = { initial: 5, maximum: 256 };

export interface PolicyBundle {
  readonly wasm: Uint8Array;
  /** `data` of the bundle, as JSON. */
  readonly data: Uint8Array;
}

export interface Policy {
  /** Never throws: whatever cannot be decided is denied, with the reason. */
  decide(input: PolicyInput): PolicyDecision;
  /** SHA-256 over the wasm and its data, hexadecimal. */
  readonly bundle: string;
}

/** `failed`: the policy gave no answer that counts; `rule` and `reason` are those of the denial that stands in for it. */
export type Evaluation =
  | { readonly kind: 'decided'; readonly decision: PolicyDecision }
  | { readonly kind: 'failed'; readonly rule: string; readonly reason: string };

export interface CompiledPolicy extends Policy {
  /** What `decide` answers, with failures told apart from denials. Never throws. */
  evaluate(input: unknown): Evaluation;
}

function failed(rule: string, reason: string): Evaluation {
  return { kind: 'failed', rule, reason };
}

/** What counts where a decision is needed: a failure is a denial. */
export function decisionOf(evaluation: Evaluation): PolicyDecision {
  if (evaluation.kind === 'decided') return evaluation.decision;
  const { reason, rule } = evaluation;
  const approvals = { needed: 0, roles: [], excludeRequester: true, groups: [] };
  return { verdict: 'deny', reasons: [reason], rules: [rule], approvals, tier: 'high' };
}

/** The wasm runtime throws strings and plain objects too. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

/** SHA-256 over the wasm and its data, hexadecimal: what `Policy.bundle` says of a bundle once it is loaded. */
export function bundleHash(bundle: PolicyBundle): string {
  const parts = [bundle.wasm, bundle.data].map((part) => createHash('sha256').update(part).digest());
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

/** Where and what is wrong, without the value: inputs name people. */
function problem(error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }): string {
  const first = error.issues[0];
  const where = first?.path.map(String).join('.') ?? '';
  return `${where === '' ? '' : `${where}: `}${first?.message ?? 'malformed'}`.slice(0, 300);
}

function judgedByAnother(decision: PolicyDecision): PolicyDecision {
  return {
    ...decision,
    reasons: [...decision.reasons, 'policy has changed since approval: judged by the current one'],
    rules: [...decision.rules, 'policy.changed'],
  };
}

function evaluate(policy: LoadedPolicy, input: unknown, bundle: string): Evaluation {
  // As JSON only own fields remain: nothing inherited, no getters, no numbers that JSON does not have.
  const json = JSON.stringify(input) ?? 'null';
  if (json.length > largestInput) return failed('question.too_large', 'policy was asked too large a question');
  const parsed = PolicyInput.safeParse(JSON.parse(json));
  if (!parsed.success) return failed('question.malformed', `policy was asked a malformed question (${problem(parsed.error)})`);
  const results: unknown = policy.evaluate(parsed.data, policyEntrypoint);
  const result: unknown = Array.isArray(results) && results.length === 1 ? results[0]?.result : undefined;
  if (result === undefined) return failed('policy.undefined', 'policy gave no decision');
  const decision = PolicyDecision.safeParse(result);
  if (!decision.success) return failed('policy.malformed', `policy gave a decision of an unknown form (${problem(decision.error)})`);
  const changed = parsed.data.question === 'execute' && parsed.data.approvedBundle !== bundle;
  return { kind: 'decided', decision: changed ? judgedByAnother(decision.data) : decision.data };
}

/**
 * Compiles a bundle. Rejects when the wasm is broken, is not OPA's, or lacks the entry point: a program without policy must not start.
 * Runs code of the bundle, without a limit of time.
 */
export async function loadPolicy(source: PolicyBundle): Promise<CompiledPolicy> {
  const wasm = Uint8Array.from(source.wasm);
  assertOpaModule(wasm);
  const policy = await loadWasm(wasm.buffer, memory);
  if (!Object.hasOwn(policy.entrypoints, policyEntrypoint))
    throw new Error(`the policy bundle has no entry point ${policyEntrypoint}: build it with -e ${policyEntrypoint}`);
  policy.setData(JSON.parse(Buffer.from(source.data).toString('utf8')));
  const bundle = bundleHash(source);
  const guarded = (input: unknown): Evaluation => {
    try {
      return evaluate(policy, input, bundle);
    } catch (error) {
      return failed('policy.failed', `policy could not be evaluated (${messageOf(error).slice(0, 200)})`);
    }
  };
  return { bundle, evaluate: guarded, decide: (input) => decisionOf(guarded(input)) };
}
