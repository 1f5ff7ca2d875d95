import type { Logger } from 'pino';
import type { z } from 'zod';
import { PeerRefused, PeerUnavailable } from '../mirrors/errors.ts';
import { callRest, type RestCall, type RestOptions } from '../mirrors/pagerduty/request.ts';
import type { Allowance } from './allowance.ts';
import { type PageContext, readContext } from './context.ts';
import type { PageSubject } from './event.ts';
import { type OnCallOf, type OnCallPerson, onCall } from './on-call.ts';
import { ChangeEvents, IncidentAnswer, UserAnswer, UsersAnswer } from './shapes.ts';

/** An incident as PagerDuty has it now. */
export interface PageState {
  readonly subject: PageSubject;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  /** To the second. */
  readonly statusAt: string;
}

/** What of PagerDuty is read to understand its webhooks. */
export interface PagerDutyReads {
  /** Null: it cannot be read now, or not by this key. */
  incident(id: string): Promise<PageState | null>;
  /** Change events that PagerDuty relates to the incident: id and time. Empty where they cannot be read. */
  changes(id: string): Promise<readonly { readonly id: string; readonly at: string | null }[]>;
  /** Id of the user as whom the mirror writes; null while it cannot be learnt. */
  ownUser(): Promise<string | null>;
  context(incidentId: string, serviceId: string | null): Promise<PageContext>;
  /** Throws PeerUnavailable or PeerRefused. */
  onCall(of: OnCallOf): Promise<readonly OnCallPerson[]>;
}

export interface ReadsOptions {
  readonly rest: RestOptions;
  readonly allowance: Allowance;
  readonly log: Logger;
}

/** After this long a question that failed is asked again. */
const askAgainMs = 60_000;

async function findOwnUser(rest: RestOptions): Promise<string | null> {
  try {
    return (await callRest(rest, { method: 'get', path: '/users/me', answer: UserAnswer })).user.id;
  } catch (error) {
    // A key of the whole account is nobody's: it writes as the user of the From address.
    if (!(error instanceof PeerRefused)) throw error;
  }
  const { users } = await callRest(rest, {
    method: 'get',
    path: `/users?query=${encodeURIComponent(rest.fromEmail)}`,
    answer: UsersAnswer,
  });
  return users.find(({ email }) => email.toLowerCase() === rest.fromEmail.toLowerCase())?.id ?? null;
}

function stateOf({ incident }: z.infer<typeof IncidentAnswer>): PageState {
  const { id, incident_number, title, html_url, status, incident_key, created_at, urgency, priority, service } = incident;
  const subject: PageSubject = {
    id,
    number: incident_number,
    title,
    url: html_url ?? null,
    status,
    key: incident_key ?? null,
    service: { id: service.id, name: service.summary ?? service.id },
    urgency,
    priority: priority?.summary ?? null,
    createdAt: created_at,
    mergedInto: null,
  };
  return { subject, status, statusAt: incident.last_status_change_at };
}

/** Reads within the allowance; what cannot be had is said to be so, and never waited for. */
export function createReads({ rest, allowance, log }: ReadsOptions): PagerDutyReads {
  const own: { asked: Promise<string | null> | null; failedAt: number } = { asked: null, failedAt: Number.NEGATIVE_INFINITY };

  async function read<T>(call: RestCall<T>): Promise<T | null> {
    if (!allowance.take()) return null;
    try {
      return await callRest(rest, call);
    } catch (error) {
      if (error instanceof PeerUnavailable && error.retryAfterMs !== null) allowance.pause(error.retryAfterMs);
      log.warn({ err: error }, 'PagerDuty could not be read');
      return null;
    }
  }

  const path = (id: string) => `/incidents/${encodeURIComponent(id)}`;
  return {
    async incident(id) {
      const answer = await read({ method: 'get', path: path(id), answer: IncidentAnswer });
      return answer === null ? null : stateOf(answer);
    },
    async changes(id) {
      const answer = await read({ method: 'get', path: `${path(id)}/related_change_events`, answer: ChangeEvents });
      return (answer?.change_events ?? []).map((change) => ({ id: change.id, at: change.timestamp ?? null }));
    },
    async ownUser() {
      if (own.asked === null && Date.now() - own.failedAt < askAgainMs) return null;
      own.asked ??= findOwnUser(rest);
      try {
        return await own.asked;
      } catch (error) {
        own.asked = null;
        own.failedAt = Date.now();
        log.warn({ err: error }, 'the own user of PagerDuty could not be learnt');
        return null;
      }
    },
    context: (incidentId, serviceId) => readContext(rest, incidentId, serviceId),
    onCall: (of) => onCall(rest, of),
  };
}
