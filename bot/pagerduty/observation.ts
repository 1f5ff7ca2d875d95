import type { Observation, ToolErrorCode } from '../../tools/contract.ts';
import { contractVersion } from '../../tools/contract.ts';
import type { Redactor } from '../../tools/ports.ts';

export interface Looked {
  readonly callId: string;
  readonly incidentId: string;
  readonly site: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly url: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** What was read, before redaction; null: nothing, because of `error`. */
  readonly output: unknown;
  readonly error: ToolErrorCode | null;
}

/** What PagerDuty answered to a GET, redacted, as an observation. */
export function pageObservation(looked: Looked, redact: Redactor): Observation {
  const { output, error, url, startedAt, finishedAt, ...rest } = looked;
  const { value, count } = redact.value(output);
  return {
    ...rest,
    version: contractVersion,
    mode: 'run',
    via: { kind: 'http', method: 'GET', url, bodySha256: null },
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    status: error === null ? 'ok' : 'error',
    errorCode: error,
    exitCode: null,
    output: error === null ? value : null,
    stdout: '',
    stderr: '',
    truncated: false,
    redactions: count,
    redactionVersion: redact.version,
  };
}
