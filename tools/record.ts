import { canonicalJson, sha256Hex } from './canonical.ts';
import {
  contractVersion,
  inlineOutputBytes,
  type Observation,
  type ToolAnswer,
  type ToolCall,
  type ToolErrorCode,
  type Via,
} from './contract.ts';
import { NotFound, OutputMalformed } from './errors.ts';
import type { Execute, ExecuteLimits, Execution } from './execute.ts';
import { pathWith } from './http.ts';
import type { AnyOperation } from './operation.ts';
import type { ObservationSink, Redactor } from './ports.ts';
import type { Prepared } from './prepare.ts';
import { createSanitizer } from './sanitize.ts';
import { textOf } from './text.ts';

/** Executes prepared calls and turns what came back into observations and answers. */
export interface Recorder {
  rendered(call: ToolCall, via: Via): Promise<ToolAnswer>;
  executed(call: ToolCall, prepared: Prepared, via: Via, limits: ExecuteLimits & { readonly waitedMs: number }): Promise<ToolAnswer>;
}

interface RecorderDeps {
  readonly execute: Execute;
  readonly redactor: Redactor;
  readonly observations: ObservationSink;
  readonly now: () => Date;
}

type Interpreted =
  /** `cut`: what is kept of the output, once it is redacted. */
  | { readonly status: 'ok'; readonly output: unknown; readonly cut?: ((output: never) => unknown) | undefined }
  | { readonly status: 'error'; readonly code: ToolErrorCode; readonly message: string };

interface How {
  /** The part of long output. */
  readonly keep: 'start' | 'end';
  /** For its turn. */
  readonly waitedMs: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export function createRecorder({ execute, redactor, observations, now }: RecorderDeps): Recorder {
  const record = async (call: ToolCall, via: Via, execution: Execution, meaning: Interpreted, how: How): Promise<ToolAnswer> => {
    const { observation, message } = observe(call, via, execution, meaning, how, redactor);
    const id = await observations.put(observation);
    if (meaning.status === 'error') return { status: 'error', callId: call.callId, observation: id, code: meaning.code, message };
    return { status: 'ok', callId: call.callId, observation: id, ...inline(observation.output) };
  };
  return {
    async rendered(call, via) {
      const at = now();
      return await record(call, via, nothing, { status: 'ok', output: via }, { keep: 'start', waitedMs: 0, startedAt: at, finishedAt: at });
    },
    async executed(call, prepared, via, limits) {
      const startedAt = now();
      const execution = await execute(prepared.command, limits);
      const finishedAt = now();
      const shown = shownOf(call, prepared.operation, execution);
      const meaning = interpret(call, prepared, shown);
      return await record(call, actual(via, execution), keptOf(prepared.operation, shown), meaning, {
        keep: prepared.operation.keeps ?? 'start',
        waitedMs: limits.waitedMs,
        startedAt,
        finishedAt,
      });
    },
  };
}

/** The command line that ran, where a part of it was looked up. */
function actual(via: Via, { bound }: Execution): Via {
  if (bound === undefined || via.kind === 'sequence') return via;
  const { placeholder, value } = bound;
  if (via.kind === 'http') {
    const whole = via.bodySha256 === sha256Hex(placeholder);
    return whole ? { ...via, bodySha256: sha256Hex(value) } : { ...via, url: pathWith(via.url, placeholder, value) };
  }
  return { ...via, argv: via.argv.map((argument) => (argument === placeholder ? value : argument)) };
}

const nothing: Execution = { exitCode: null, stdout: '', stderr: '', truncated: false, failure: null };

const cutDryRun = ({ text }: { readonly text: string }) => ({ text: text.slice(0, inlineOutputBytes).toWellFormed() });

function interpret(call: ToolCall, { operation, input }: Prepared, execution: Execution): Interpreted {
  if (execution.failure !== null && !isAnswer(operation, execution)) return { status: 'error', ...execution.failure };
  if (call.mode === 'dry_run') return { status: 'ok', output: { text: textOf(execution.stdout).text }, cut: cutDryRun };
  try {
    return { status: 'ok', output: operation.parse({ ...execution, exitCode: execution.exitCode ?? 0 }, input), cut: operation.cut };
  } catch (error) {
    if (error instanceof NotFound) return { status: 'error', code: error.code, message: error.message };
    if (!(error instanceof OutputMalformed)) throw error;
    if (execution.truncated) return { status: 'error', code: 'output_too_large', message: 'the output is too large to be read' };
    return { status: 'error', code: error.code, message: error.message };
  }
}

/** Of a dry run only what says something about the write. */
function shownOf({ mode }: ToolCall, operation: AnyOperation, execution: Execution): Execution {
  if (mode !== 'dry_run' || operation.kind === 'read' || operation.dryRunText === undefined) return execution;
  if (execution.failure !== null && !isAnswer(operation, execution)) return execution;
  try {
    return { ...execution, stdout: operation.dryRunText({ ...execution, exitCode: execution.exitCode ?? 0 }) };
  } catch (error) {
    if (!(error instanceof OutputMalformed)) throw error;
    return { ...execution, failure: { code: error.code, message: error.message } };
  }
}

/** Without what was printed, where that may hold more than may be kept. */
function keptOf({ outputOnly }: AnyOperation, execution: Execution): Execution {
  return outputOnly === true ? { ...execution, stdout: '[not kept: it may hold credentials]' } : execution;
}

/** A program that was stopped has answered nothing, whatever it printed before. */
function isAnswer(operation: AnyOperation, { exitCode, status, stdout, stderr }: Execution): boolean {
  if (exitCode === null && status === undefined) return false;
  return operation.answers?.({ exitCode: exitCode ?? 0, stdout, stderr }) === true;
}

function observe(
  call: ToolCall,
  via: Via,
  execution: Execution,
  meaning: Interpreted,
  how: How,
  redactor: Redactor,
): { observation: Observation; message: string } {
  const sanitizer = createSanitizer(redactor);
  const stdout = sanitizer.output(execution.shown ?? execution.stdout, how.keep);
  const stderr = sanitizer.output(execution.stderr);
  const message = meaning.status === 'error' ? sanitizer.text(meaning.message) : '';
  const observation: Observation = {
    version: contractVersion,
    callId: call.callId,
    incidentId: call.incidentId,
    site: call.site,
    operation: call.operation,
    mode: call.mode,
    input: sanitizer.value(call.input) as Record<string, unknown>,
    via,
    startedAt: how.startedAt.toISOString(),
    finishedAt: how.finishedAt.toISOString(),
    ...(how.waitedMs > 0 ? { waitedMs: how.waitedMs } : {}),
    status: meaning.status,
    errorCode: meaning.status === 'error' ? meaning.code : null,
    exitCode: execution.exitCode,
    output: meaning.status === 'ok' ? keptOutput(meaning, sanitizer.value(meaning.output)) : null,
    stdout: stdout.text,
    stderr: stderr.text,
    truncated: execution.truncated || stdout.truncated || stderr.truncated,
    redactions: 0,
    redactionVersion: redactor.version,
  };
  return { observation: { ...observation, redactions: sanitizer.redactions() }, message };
}

function keptOutput({ cut }: Extract<Interpreted, { status: 'ok' }>, redacted: unknown): unknown {
  return cut === undefined ? redacted : cut(redacted as never);
}

/** Larger outputs are in the observation only. */
function inline(output: unknown): { output?: unknown } {
  return Buffer.byteLength(canonicalJson(output)) <= inlineOutputBytes ? { output } : {};
}
