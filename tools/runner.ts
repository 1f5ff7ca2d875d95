import type { Logger } from 'pino';
import { contentHash } from './canonical.ts';
import { type CallMode, type ToolAnswer, ToolCall, type ToolErrorCode, type Via } from './contract.ts';
import { createExecute } from './execute.ts';
import { mismatch, statedGrantId } from './grant.ts';
import { type GrantRefusalCode, refusalWords } from './grant-refusal.ts';
import { createLimiter, type Limiter } from './limits.ts';
import type { GrantLedger, GrantRefusals, GrantVerdict, GrantVerifier, GrowingRedactor, ObservationSink } from './ports.ts';
import { isDryRun, type Prepared, prepare, type Refusal } from './prepare.ts';
import { createRecorder, type Recorder } from './record.ts';
import type { Registry } from './registry.ts';
import type { Run } from './run.ts';
import type { Site } from './site.ts';
import { viaOf } from './via.ts';

export interface RunnerDeps {
  readonly site: Site;
  readonly registry: Registry;
  readonly run: Run;
  readonly redactor: GrowingRedactor;
  readonly grants: GrantVerifier;
  readonly ledger: GrantLedger;
  readonly refusals: GrantRefusals;
  readonly observations: ObservationSink;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Holds a site's credentials and executes operations there. */
export interface Runner {
  /** Expected failures are answers. Rejects when the observation cannot be stored: of a write, ask its probe before trying again. */
  call(call: ToolCall, signal?: AbortSignal): Promise<ToolAnswer>;
  /** What a call would execute, redacted, without executing it. Throws CallRefused. */
  render(operation: string, input: Record<string, unknown>, mode: Exclude<CallMode, 'render'>): Via;
  capabilities(): Capabilities;
}

export interface Capabilities {
  readonly site: string;
  readonly environment: string;
  readonly kubernetes: boolean;
  readonly prometheus: boolean;
  readonly binaries: readonly string[];
  readonly operations: readonly string[];
  readonly registryHash: string;
}

/** A call that no runner of this site would execute. */
export class CallRefused extends Error {
  readonly code: ToolErrorCode;

  constructor(code: ToolErrorCode, message: string) {
    super(message);
    this.name = 'CallRefused';
    this.code = code;
  }
}

export function createRunner(deps: RunnerDeps): Runner {
  const { site, registry, redactor, now, log } = deps;
  const recorder = createRecorder({ redactor, now, observations: deps.observations, execute: createExecute(deps) });
  const limiter = createLimiter(site);
  return {
    async call(call, signal) {
      const startedAt = now();
      const answer = await answerTo(deps, recorder, limiter, call, signal);
      const code = answer.status === 'error' ? answer.code : null;
      log.info({ callId: answer.callId, status: answer.status, code, ms: now().getTime() - startedAt.getTime() }, 'tool call answered');
      return answer;
    },
    render(operation, input, mode) {
      const prepared = prepare({ site, registry }, { operation, input, mode });
      if (prepared.kind === 'refused') throw new CallRefused(prepared.code, prepared.message);
      return viaOf(site, prepared.command, redactor);
    },
    capabilities: () => ({
      site: site.name,
      environment: site.environment,
      kubernetes: site.kubernetes !== null,
      prometheus: site.prometheus !== null,
      binaries: Object.keys(site.binaries),
      operations: registry.list().map(({ name }) => name),
      registryHash: registry.hash,
    }),
  };
}

async function answerTo(
  deps: RunnerDeps,
  recorder: Recorder,
  limiter: Limiter,
  candidate: unknown,
  signal: AbortSignal | undefined,
): Promise<ToolAnswer> {
  const parsed = ToolCall.safeParse(candidate);
  if (!parsed.success) return refuse(callIdOf(candidate), { code: 'bad_contract', message: 'the call is not one of contract version 1' });
  const call = parsed.data;
  if (call.site !== deps.site.name)
    return refuse(call.callId, { code: 'bad_contract', message: `this runner serves site ${deps.site.name}` });
  const skew = skewOf(deps, call);
  if (skew !== null) return refuse(call.callId, skew);
  const prepared = prepare(deps, call);
  if (prepared.kind === 'refused') return refuse(call.callId, prepared);
  if (call.mode === 'render') return await recorder.rendered(call, viaOf(deps.site, prepared.command, deps.redactor));
  const left = leftOf(deps, call);
  if (left <= 0) return refuse(call.callId, late);
  const turn = await limiter.take(call.operation, left, signal);
  if (turn.kind !== 'taken') {
    const code = turn.kind === 'cancelled' ? 'cancelled' : 'busy';
    return refuse(call.callId, { code, message: limiter.words(call.operation, turn.kind) });
  }
  try {
    return await execute(deps, recorder, call, prepared, turn.waitedMs, signal);
  } finally {
    turn.done();
  }
}

const late: Refusal = { code: 'timeout', message: 'the deadline has passed' };

/** Milliseconds. */
const leftOf = ({ now }: RunnerDeps, { deadline }: ToolCall) => Date.parse(deadline) - now().getTime();

/** A grant is claimed only now, when the call has its turn: one that was turned away has used none up. */
async function execute(
  deps: RunnerDeps,
  recorder: Recorder,
  call: ToolCall,
  prepared: Prepared,
  waitedMs: number,
  signal: AbortSignal | undefined,
): Promise<ToolAnswer> {
  const timeoutMs = Math.min(prepared.operation.timeoutMs, leftOf(deps, call));
  if (timeoutMs <= 0) return refuse(call.callId, late);
  const denial = await denialOf(deps, call, prepared);
  if (denial !== null) return refuse(call.callId, denial);
  const via = viaOf(deps.site, prepared.command, deps.redactor);
  const credentials = prepared.operation.kind === 'write' ? 'write' : 'read';
  return await recorder.executed(call, prepared, via, { timeoutMs, waitedMs, signal, credentials });
}

/** Tier and input of an operation may differ between versions: what was approved by one is not run by another. */
function skewOf({ registry, site }: RunnerDeps, call: ToolCall): Refusal | null {
  const own = registry.hash;
  const write = registry.get(call.operation)?.kind === 'write' && call.mode === 'run';
  if (call.registry === own || (call.registry === undefined && !write)) return null;
  const other = call.registry === undefined ? 'none' : call.registry.slice(0, 12);
  const message = `the runner of site ${site.name} has other operations (registry ${own.slice(0, 12)}) than the caller (${other}): run the same version of worker and runner`;
  return { code: 'version_skew', message };
}

/** Why a call may not run here and now; null when it may. A write is claimed by this: it may be asked once per execution. */
async function denialOf(deps: RunnerDeps, call: ToolCall, prepared: Prepared): Promise<Refusal | null> {
  if (prepared.operation.kind === 'read') return null;
  // Dry runs need the permissions of the write, but no grant: the command itself must be one that has no effect.
  if (call.mode === 'dry_run') return isDryRun(prepared.command) ? null : { code: 'failed', message: 'the dry run would not be dry' };
  const checked = await checkGrant(deps, call);
  if (checked.kind === 'invalid') {
    await tellRefusal(deps, call, checked.code);
    return { code: checked.code === 'missing' ? 'grant_missing' : 'grant_invalid', message: refusalWords(checked.code) };
  }
  try {
    // A claim that fails is audited where it is decided.
    const claim = await deps.ledger.claim(checked.claims, deps.site.name);
    return claim === 'claimed' ? null : { code: 'grant_claimed', message: refusalWords('already_claimed') };
  } catch {
    return { code: 'ledger_unavailable', message: 'the grant could not be claimed' };
  }
}

async function checkGrant({ grants, now }: RunnerDeps, call: ToolCall): Promise<GrantVerdict> {
  if (call.grant === undefined) return { kind: 'invalid', code: 'missing' };
  const verdict = await grants.verify(call.grant, now());
  if (verdict.kind === 'invalid') return verdict;
  const other = mismatch(verdict.claims, call, contentHash(call.input));
  return other === null ? verdict : { kind: 'invalid', code: other };
}

/** A refusal stands whether anybody hears of it or not. */
async function tellRefusal({ refusals, site, now, log }: RunnerDeps, call: ToolCall, code: GrantRefusalCode): Promise<void> {
  const { incidentId, operation, grant } = call;
  const refusal = { code, runner: site.name, incidentId, operation, at: now().toISOString() };
  try {
    await refusals.report(grant === undefined ? null : statedGrantId(grant), refusal);
  } catch (error) {
    log.warn({ err: error, callId: call.callId, code }, 'the refusal of a grant could not be reported');
  }
}

function refuse(callId: string, { code, message }: Pick<Refusal, 'code' | 'message'>): ToolAnswer {
  return { status: 'error', callId, observation: null, code, message };
}

function callIdOf(candidate: unknown): string {
  const callId = typeof candidate === 'object' && candidate !== null && 'callId' in candidate ? candidate.callId : null;
  return typeof callId === 'string' ? callId.slice(0, 200) : 'unknown';
}
