import type { Logger } from 'pino';
import { z } from 'zod';
import type { ToolAnswer, ToolCall, ToolErrorCode } from '../../tools/contract.ts';
import type { Redactor } from '../../tools/ports.ts';
import type { ChangeEvents as Told } from '../../workflows/diagnosis/announced.ts';
import { PeerForbidden, PeerRefused, PeerUnavailable } from '../mirrors/errors.ts';
import { callRest, type RestOptions } from '../mirrors/pagerduty/request.ts';
import type { Store } from '../store/store.ts';
import type { Allowance } from './allowance.ts';
import { pageObservation } from './observation.ts';
import { ServiceChangeEvents } from './shapes.ts';

export interface ChangeEventsDeps {
  readonly rest: RestOptions;
  readonly allowance: Allowance;
  readonly store: Pick<Store, 'observations' | 'now'>;
  readonly redact: Redactor;
  readonly log: Logger;
}

/** Whole seconds of UTC: PagerDuty refuses others. */
const Second = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
/** `namespace` and `name` are ours, for policy; `service` is PagerDuty's id. */
const Input = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  service: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  since: Second,
  until: Second,
});

const most = 50;
const words: Readonly<Partial<Record<ToolErrorCode, string>>> = {
  throttled: 'PagerDuty was asked as often as it may be',
  forbidden: 'PagerDuty does not accept the API token for change events',
  not_found: 'PagerDuty has no such service, or shows it to nobody with this key',
  unreachable: 'PagerDuty did not answer',
};

function codeOf(error: unknown): ToolErrorCode {
  if (error instanceof PeerForbidden) return 'forbidden';
  if (error instanceof PeerUnavailable) return error.retryAfterMs === null ? 'unreachable' : 'throttled';
  if (error instanceof PeerRefused) return /: 404\b/.test(error.message) ? 'not_found' : 'failed';
  throw error;
}

function told({ change_events: all, more }: z.infer<typeof ServiceChangeEvents>): Told {
  const changes = all.map(({ id, summary, timestamp, source, services, links }) => ({
    ...{ id, summary: summary ?? id, at: timestamp ?? null, source: source ?? null, services: services.map((one) => one.id) },
    links: links.slice(0, 5).map(({ href, text }) => ({ href, text: text ?? null })),
  }));
  return { changes, more: more ?? false };
}

/** `pagerduty.change_events`: what was announced for a service within a window, as an observation; a failure is one, too. Throws what the store throws. */
export function createChangeEvents({ rest, allowance, store, redact, log }: ChangeEventsDeps) {
  async function asked(path: string): Promise<{ readonly output: Told | null; readonly error: ToolErrorCode | null }> {
    if (!allowance.take()) return { output: null, error: 'throttled' };
    try {
      return { output: told(await callRest(rest, { method: 'get', path, answer: ServiceChangeEvents })), error: null };
    } catch (error) {
      if (error instanceof PeerUnavailable && error.retryAfterMs !== null) allowance.pause(error.retryAfterMs);
      log.warn({ err: error }, 'change events of PagerDuty could not be read');
      return { output: null, error: codeOf(error) };
    }
  }

  return async ({ callId, incidentId, site, operation, input }: ToolCall): Promise<ToolAnswer> => {
    const parsed = Input.safeParse(input);
    if (operation !== 'pagerduty.change_events' || !parsed.success)
      return { status: 'error', callId, observation: null, code: 'bad_input', message: `${operation} does not take this input` };
    const { service, since, until } = parsed.data;
    const query = new URLSearchParams({ since, until, limit: String(most) });
    const path = `/services/${service}/change_events?${query}`;
    const startedAt = store.now();
    const { output, error } = await asked(path);
    const looked = { callId, incidentId, site, operation, input, url: `${rest.apiUrl}${path}`, startedAt, finishedAt: store.now() };
    const observation = await store.observations.put(pageObservation({ ...looked, output, error }, redact));
    if (error === null) return { status: 'ok', callId, observation };
    return { status: 'error', callId, observation, code: error, message: words[error] ?? 'PagerDuty refused' };
  };
}
