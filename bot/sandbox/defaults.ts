import type { Site } from '../../tools/site.ts';
import type { ConfigFile, Person, Service } from '../config-file.ts';
import type { Scenario } from './estate/scenarios/scenario.ts';
import type { LocalLinearUser } from './linear/server.ts';
import type { LocalAccount } from './oidc/pages.ts';
import type { LocalPagerDutyUser, PagerDutyService } from './pagerduty/types.ts';
import type { LocalChannel, LocalPerson } from './slack/server.ts';

const incidentsChannel = 'C0INCIDENTS';

export const sandboxChannels: readonly LocalChannel[] = [
  { id: incidentsChannel, name: 'incidents', topic: 'Something is wrong? Mention @watchkeeper here.' },
  { id: 'C0GENERAL', name: 'general', topic: 'Everything else' },
  { id: 'C0PARTNER', name: 'partner-shop', topic: 'Shared with another company (Slack Connect)', external: true },
];

interface Employee {
  /** Handle; the Slack user id and the OIDC subject are made of it. */
  readonly id: string;
  readonly name: string;
  readonly roles: Person['roles'];
  readonly linear: string;
  /** As the local sign-in says. */
  readonly groups: readonly string[];
  /** Whose Slack account no configuration lists: they link it by a sign-in. */
  readonly signsIn?: true;
}

const staff: readonly Employee[] = [
  { id: 'alice', name: 'Alice Ndiaye', roles: ['responder', 'approver'], linear: '5a0db0c5-0000-4000-8000-000000000001', groups: ['sre'] },
  { id: 'bob', name: 'Bob Lindqvist', roles: ['responder', 'approver'], linear: '5a0db0c5-0000-4000-8000-000000000002', groups: ['sre'] },
  { id: 'erin', name: 'Erin Castillo', roles: ['responder'], linear: '5a0db0c5-0000-4000-8000-000000000003', groups: ['support'] },
  { id: 'dave', name: 'Dave Okafor', roles: ['admin'], linear: '5a0db0c5-0000-4000-8000-000000000004', groups: ['platform'] },
  { id: 'vera', name: 'Vera Haas', roles: ['viewer'], linear: '5a0db0c5-0000-4000-8000-000000000005', groups: [] },
  {
    id: 'carol',
    name: 'Carol Meyer',
    roles: ['responder', 'approver'],
    linear: '5a0db0c5-0000-4000-8000-000000000008',
    groups: ['sre'],
    signsIn: true,
  },
];

const pagerDutyUser = (id: string) => `P0${id.toUpperCase()}`;
const slackUser = (id: string) => `U0${id.toUpperCase()}`;
const mail = (id: string) => `${id}@shop.example`;
const subject = (id: string) => `shop|${id}`;

export const sandboxSlackPeople: readonly LocalPerson[] = [
  ...staff.map(({ id, name }) => ({ id: slackUser(id), handle: id, name, email: mail(id) })),
  { id: slackUser('gus'), handle: 'gus', name: 'Gus Petit', email: mail('gus'), guest: true },
  { id: slackUser('mallory'), handle: 'mallory', name: 'Mallory Quinn', email: 'mallory@partner.example', team: 'T0PARTNER' },
];

/** Members of the local Linear: the same people, one whom no configuration knows, and an app. */
export const sandboxLinearUsers: readonly LocalLinearUser[] = [
  ...staff.map(({ id, name, linear }) => ({ id: linear, handle: id, name, email: mail(id) })),
  { id: '5a0db0c5-0000-4000-8000-000000000006', handle: 'nils', name: 'Nils (not in the configuration)', email: mail('nils') },
  { id: '5a0db0c5-0000-4000-8000-000000000007', handle: 'app', name: 'Release Bot', email: mail('release-bot'), app: true },
];

/** Who can sign in: the same people, and one whom no configuration knows. */
export const sandboxAccounts: readonly LocalAccount[] = [
  ...staff.map(({ id, name, groups }) => ({ subject: subject(id), name, email: mail(id), groups })),
  { subject: subject('nils'), name: 'Nils (not in the configuration)', email: mail('nils'), groups: [] },
];

/** Users of the local PagerDuty, beside the account that is on call. */
export const sandboxPagerDutyUsers: readonly LocalPagerDutyUser[] = staff.map(({ id, name }) => ({
  id: pagerDutyUser(id),
  name,
  email: mail(id),
}));

/** Who may do what, while no configuration file lists people. */
export function sandboxPeople(team: string): Person[] {
  return staff.map(({ id, name, roles, linear, signsIn }) => ({
    id,
    name,
    email: mail(id),
    roles,
    linear,
    pagerduty: pagerDutyUser(id),
    oidc: subject(id),
    ...(signsIn ? {} : { slack: { team, user: slackUser(id) } }),
  }));
}

/** Share of failed requests of a service over the last seconds, as the simulated Prometheus knows it. */
function errorRateQuery(service: string): string {
  return `sum(rate(http_requests_total{service="${service}",code=~"5.."}[5s])) / sum(rate(http_requests_total{service="${service}"}[5s]))`;
}

/** The shop's services, what each calls, and its service in the local PagerDuty. The first is the one behind the routing key. */
const shop: readonly { name: string; dependsOn: string[] }[] = [
  { name: 'checkout', dependsOn: ['payment'] },
  { name: 'frontend', dependsOn: ['checkout', 'cart', 'catalog'] },
  { name: 'cart', dependsOn: [] },
  { name: 'payment', dependsOn: [] },
  { name: 'catalog', dependsOn: [] },
];

const pagerDutyId = (name: string) => `P${name.toUpperCase()}`;

export const sandboxPagerDutyServices: readonly PagerDutyService[] = shop.map(({ name }) => ({ id: pagerDutyId(name), name }));

export function sandboxServices(): Service[] {
  return shop.map(({ name, dependsOn }) => ({
    name,
    dependsOn,
    pagerduty: pagerDutyId(name),
    site: 'sandbox',
    namespace: 'shop',
    owners: [],
    errorRateQuery: errorRateQuery(name),
    errorRateLimit: 0.05,
    verifyWithinSeconds: 15,
  }));
}

export interface SimulatedSite {
  readonly scenario: Pick<Scenario, 'settings'>;
  readonly kubeconfig: { readonly read: string; readonly write: string };
  readonly prometheusUrl: string;
  readonly binaries: Readonly<Record<string, string>>;
}

export function sandboxSite(estate: SimulatedSite): Site {
  return {
    name: 'sandbox',
    environment: 'production',
    kubernetes: { context: 'sandbox', kubeconfig: estate.kubeconfig },
    prometheus: { url: estate.prometheusUrl },
    binaries: { ...estate.binaries },
  };
}

/** The file with what it leaves out filled in by the sandbox: people for the local Slack, the simulated estate for sites. */
export function withSandbox(file: ConfigFile, local: { readonly team: string } | null, estate: SimulatedSite | null): ConfigFile {
  const settings = estate?.scenario.settings?.(new Date()) ?? {};
  return {
    ...file,
    autonomy: { ...file.autonomy, ...settings.autonomy },
    calendar: { ...file.calendar, ...settings.calendar },
    pagerduty: { ...file.pagerduty, ...settings.pagerduty },
    people: file.people.length === 0 && local !== null ? sandboxPeople(local.team) : file.people,
    sites: estate === null ? file.sites : [sandboxSite(estate)],
    services: estate === null ? file.services : sandboxServices(),
    channels: { ...file.channels, ...(file.channels.default === undefined && local !== null ? { default: incidentsChannel } : {}) },
  };
}
