import type { ToolAnswer, ToolCall } from '../../tools/contract.ts';
import type { Core } from '../core.ts';
import { createLimits } from '../mirrors/pagerduty/limits.ts';
import { createAllowance } from '../pagerduty/allowance.ts';
import { createChangeEvents } from '../pagerduty/change-events.ts';
import type { PagerDutyPlace } from './mirror.ts';

export type PagerDutyReader = Pick<PagerDutyPlace, 'apiUrl' | 'token' | 'fromEmail'>;

/** Reads with the worker's own credentials. */
export interface OwnCalls {
  readonly callOwn: (call: ToolCall) => Promise<ToolAnswer>;
  /** False: it has none for PagerDuty. */
  readonly knows: boolean;
}

const timeoutMs = 5_000;
/** A sixteenth of PagerDuty's limit for a key, which bot and mirror share. */
const readsPerMinute = 60;
const readsAtOnce = 20;

/** `place`: null without a key of PagerDuty. */
export function ownCalls({ store, redactor: redact, log }: Core, place: PagerDutyReader | null): OwnCalls {
  if (place === null) {
    const message = 'the worker has no PAGERDUTY_API_TOKEN';
    return {
      callOwn: async ({ callId }) => ({ status: 'error', callId, observation: null, code: 'context_unknown', message }),
      knows: false,
    };
  }
  const { token, fromEmail } = place;
  const rest = { apiUrl: place.apiUrl.replace(/\/$/, ''), token, fromEmail, timeoutMs, limits: createLimits(Date.now) };
  const allowance = createAllowance(readsAtOnce, readsPerMinute, Date.now);
  return { callOwn: createChangeEvents({ rest, allowance, store, redact, log }), knows: true };
}
