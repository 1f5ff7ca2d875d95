import { createHash } from 'node:crypto';
import { type LoadedPolicy, loadPolicy as loadWasm } from '@open-policy-agent/opa-wasm';
import { PolicyDecision, PolicyInput } from './contract.ts';

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

function deny(reason: string): PolicyDecision {
  return { verdict: 'deny', reasons: [reason], approvals: { needed: 0, roles: [], excludeRequester: true }, tier: 'high' };
}

/** The wasm runtime throws strings and plain objects too. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

function bundleHash(bundle: PolicyBundle): string {
  const parts = [bundle.wasm, bundle.data].map((part) => createHash('sha256').update(part).digest());
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

/** Where and what is wrong, without the value: inputs name people. */
function problem(error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }): string {
  const first = error.issues[0];
  return `${first?.path.map(String).join('.') ?? ''}: ${first?.message ?? 'malformed'}`.slice(0, 300);
}

function evaluate(policy: LoadedPolicy, input: unknown, bundle: string): PolicyDecision {
  // As JSON only own fields remain: nothing inherited, no getters, no numbers that JSON does not have.
  const json = JSON.stringify(input) ?? 'null';
  if (json.length > largestInput) return deny('policy was asked too large a question');
  const parsed = PolicyInput.safeParse(JSON.parse(json));
  if (!parsed.success) return deny(`policy was asked a malformed question (${problem(parsed.error)})`);
  const results: unknown = policy.evaluate(parsed.data, policyEntrypoint);
  const result: unknown = Array.isArray(results) && results.length === 1 ? results[0]?.result : undefined;
  const decision = PolicyDecision.safeParse(result);
  if (!decision.success) return deny('policy gave no decision');
  if (parsed.data.question !== 'execute' || parsed.data.approvedBundle === bundle) return decision.data;
  return { ...decision.data, reasons: [...decision.data.reasons, 'policy has changed since approval: judged by the current one'] };
}

/**
 * Compiles a bundle. Rejects when the wasm is broken or lacks the entry point: a program without policy must not start.
 */
export async function loadPolicy(source: PolicyBundle): Promise<Policy> {
  const policy = await loadWasm(Uint8Array.from(source.wasm).buffer, memory);
  if (!(policyEntrypoint in policy.entrypoints)) throw new Error(`the policy bundle has no entry point ${policyEntrypoint}`);
  policy.setData(JSON.parse(Buffer.from(source.data).toString('utf8')));
  const bundle = bundleHash(source);
  return {
    bundle,
    decide(input) {
      try {
        return evaluate(policy, input, bundle);
      } catch (error) {
        return deny(`policy could not be evaluated (${messageOf(error).slice(0, 200)})`);
      }
    },
  };
}
