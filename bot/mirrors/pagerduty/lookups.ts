import { z } from 'zod';
import type { OnCall } from './ports.ts';
import type { RestCall } from './request.ts';

/** One call of REST v2. Throws PeerUnavailable or PeerRefused. */
export type Rest = <T>(call: RestCall<T>) => Promise<T>;

const Users = z.object({ users: z.array(z.object({ id: z.string(), email: z.string() })) });
const Service = z.object({ service: z.object({ escalation_policy: z.object({ id: z.string() }) }) });
const OnCalls = z.object({
  oncalls: z.array(z.object({ escalation_level: z.number(), user: z.object({ id: z.string(), summary: z.string().nullish() }) })),
});
/** Other senders have details of their own. */
const Ours = z.object({ watchkeeper: z.string() });
const Changes = z.object({ change_events: z.array(z.object({ custom_details: z.unknown() })) });

const page = 100;

/** The search is for parts of names and addresses; only the whole address counts. */
export async function userIdOf(rest: Rest, email: string): Promise<string | null> {
  const { users } = await rest({ method: 'get', path: '/users', data: { query: email, limit: page }, answer: Users });
  return users.find((user) => user.email.toLowerCase() === email.toLowerCase())?.id ?? null;
}

export async function onCallOf(rest: Rest, serviceId: string): Promise<readonly OnCall[]> {
  const { service } = await rest({ method: 'get', path: `/services/${encodeURIComponent(serviceId)}`, answer: Service });
  const data = { 'escalation_policy_ids[]': service.escalation_policy.id, earliest: 'true', limit: page };
  const { oncalls } = await rest({ method: 'get', path: '/oncalls', data, answer: OnCalls });
  const found = oncalls.map(({ escalation_level: level, user }) => ({ userId: user.id, name: user.summary ?? user.id, level }));
  return found.toSorted((a, b) => a.level - b.level);
}

/** PagerDuty takes whole seconds of UTC only. */
export async function keysOfChanges(rest: Rest, since: Date): Promise<readonly string[]> {
  const data = { since: `${since.toISOString().slice(0, 19)}Z`, limit: page };
  const { change_events } = await rest({ method: 'get', path: '/change_events', data, answer: Changes });
  return change_events.flatMap(({ custom_details }) => Ours.safeParse(custom_details).data?.watchkeeper ?? []);
}
