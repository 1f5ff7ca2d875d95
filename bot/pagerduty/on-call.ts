import type { RestOptions } from '../mirrors/pagerduty/request.ts';
import { callRest } from '../mirrors/pagerduty/request.ts';
import { OnCalls, ServiceAnswer } from './shapes.ts';

export interface OnCallPerson {
  readonly name: string;
  /** PagerDuty user id. */
  readonly pagerdutyUser: string;
}

/** PagerDuty ids. */
export type OnCallOf = { readonly kind: 'service'; readonly id: string } | { readonly kind: 'schedule'; readonly id: string };

const segment = encodeURIComponent;

async function filterOf(rest: RestOptions, of: OnCallOf): Promise<string> {
  if (of.kind === 'schedule') return `schedule_ids%5B%5D=${segment(of.id)}`;
  const { service } = await callRest(rest, { method: 'get', path: `/services/${segment(of.id)}`, answer: ServiceAnswer });
  return `escalation_policy_ids%5B%5D=${segment(service.escalation_policy.id)}`;
}

/** Who is on call now, each once, those first who are paged first. Throws PeerUnavailable or PeerRefused. */
export async function onCall(rest: RestOptions, of: OnCallOf): Promise<readonly OnCallPerson[]> {
  const path = `/oncalls?${await filterOf(rest, of)}&limit=100`;
  const { oncalls } = await callRest(rest, { method: 'get', path, answer: OnCalls });
  const people = new Map<string, OnCallPerson>();
  for (const { user } of oncalls.toSorted((a, b) => a.escalation_level - b.escalation_level))
    if (!people.has(user.id)) people.set(user.id, { name: user.summary ?? user.id, pagerdutyUser: user.id });
  return [...people.values()];
}
