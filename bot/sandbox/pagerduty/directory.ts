import type { Account } from './account.ts';
import { invalidInput, notFound } from './problem.ts';
import type { Route } from './route.ts';
import { reference } from './shapes.ts';
import type { PagerDutyService } from './types.ts';
import { paged } from './wire.ts';

function service(account: Account, known: PagerDutyService): object {
  const { id, name } = known;
  const policy = reference('escalation_policy_reference', 'PPOLICY1', 'Default', account.origin());
  return {
    ...reference('service', id, name, account.origin()),
    name,
    description: '',
    status: 'active',
    created_at: '2026-01-01T00:00:00Z',
    auto_resolve_timeout: 14_400,
    acknowledgement_timeout: 1_800,
    alert_creation: 'create_alerts_and_incidents',
    escalation_policy: policy,
    teams: [],
    integrations: [],
  };
}

interface ChangeEvent {
  readonly timestamp: string;
  readonly services: readonly { readonly id: string }[];
}

/** Newest first, within a window that is named in whole seconds of UTC. Throws PagerDutyProblem 400. */
function changeEvents(account: Account, query: Readonly<Record<string, unknown>>): readonly ChangeEvent[] {
  const bound = (name: string, otherwise: number): number => {
    const value = query[name];
    if (value === undefined) return otherwise;
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value))
      throw invalidInput(`${name} must be a UTC ISO 8601 datetime`);
    return Date.parse(value);
  };
  const [since, until] = [bound('since', 0), bound('until', Number.POSITIVE_INFINITY)];
  const kept = account.documents.list<ChangeEvent>('change_event').map((event) => ({ event, at: Date.parse(event.timestamp) }));
  return kept
    .filter(({ at }) => at >= since && at <= until)
    .toSorted((a, b) => b.at - a.at)
    .map(({ event }) => event);
}

/** Users, services and who is on call. */
export function directoryRoutes(account: Account): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/users/me',
      operation: 'users.me',
      answer: () => ({ status: 200, body: { user: { ...account.user(), role: 'admin', time_zone: 'Etc/UTC' } } }),
    },
    {
      method: 'GET',
      path: '/users',
      operation: 'users.list',
      answer: ({ query }) => {
        const wanted = String(query['query'] ?? '').toLowerCase();
        const found = account.users().filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted));
        const users = found.map((user) => ({ ...user, role: 'user', time_zone: 'Etc/UTC' }));
        return { status: 200, body: paged('users', users, query) };
      },
    },
    {
      method: 'GET',
      path: '/change_events',
      operation: 'change_events.all',
      answer: ({ query }) => ({ status: 200, body: paged('change_events', changeEvents(account, query), query) }),
    },
    {
      method: 'GET',
      path: '/services/{id}/change_events',
      operation: 'change_events.of_service',
      answer: ({ id, query }) => {
        if (!account.services.some((known) => known.id === id)) throw notFound();
        const events = changeEvents(account, query).filter(({ services }) => services.some((one) => one.id === id));
        return { status: 200, body: paged('change_events', events, query) };
      },
    },
    {
      method: 'GET',
      path: '/services',
      operation: 'services.list',
      answer: ({ query }) => ({
        status: 200,
        body: paged(
          'services',
          account.services.map((known) => service(account, known)),
          query,
        ),
      }),
    },
    {
      method: 'GET',
      path: '/services/{id}',
      operation: 'services.get',
      answer: ({ id }) => {
        const found = account.services.find((candidate) => candidate.id === id);
        if (found === undefined) throw notFound();
        return { status: 200, body: { service: service(account, found) } };
      },
    },
    {
      method: 'GET',
      path: '/oncalls',
      operation: 'oncalls.list',
      answer: ({ query }) => {
        const { name: _name, email: _email, ...user } = account.user();
        const policies = [query['escalation_policy_ids[]'] ?? []].flat();
        const policy = reference('escalation_policy_reference', 'PPOLICY1', 'Default', account.origin());
        const oncall = {
          user: { ...user, type: 'user_reference' },
          schedule: reference('schedule_reference', 'PSCHED01', 'Default', account.origin()),
          escalation_policy: policy,
          escalation_level: 1,
          start: '2026-01-01T00:00:00Z',
          end: '2036-01-01T00:00:00Z',
        };
        const asked = policies.length === 0 || policies.includes('PPOLICY1');
        return { status: 200, body: paged('oncalls', asked ? [oncall] : [], query) };
      },
    },
    {
      method: 'GET',
      path: '/log_entries',
      operation: 'log_entries.all',
      answer: ({ query }) => ({ status: 200, body: paged('log_entries', account.documents.list('log_entry').toReversed(), query) }),
    },
  ];
}
