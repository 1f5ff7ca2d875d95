import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { ApplicationState } from './application.ts';
import { Application, argocd, argocdTimeoutMs } from './argocd.ts';
import { wholeApplication } from './checks.ts';
import { AppPresence, appStateOf } from './reads.ts';

const one = { targets: 1, replicas: 0, percent: 0 };

const check = (title: string, input: Application, expect: Expectation[]) => ({
  title,
  ...appStateOf(input),
  expect,
  withinSeconds: 60,
  stableSeconds: 0,
});

const anew = (before: ApplicationState): Expectation[] => [{ pointer: '/reconciledAt', op: 'ne', value: before.reconciledAt }];

export const refresh = write({
  name: 'argocd.refresh',
  tier: 'low',
  summary: 'Compare an application with Git now, or with `hard` without what is cached of it',
  input: Application.extend({ hard: z.boolean().default(false) }),
  output: Message,
  command: ({ application, hard }, site) =>
    argocd(site, ['app', 'get', application, hard ? '--hard-refresh=true' : '--refresh=true', '--output=json']),
  noDryRunReason: 'a refresh has no dry run',
  parse: () => ({ message: 'compared' }),
  timeoutMs: argocdTimeoutMs,
  permissions: ['applications, get'],
  state: appStateOf,
  stateOutput: ApplicationState,
  preconditions: (_input, before) => [{ pointer: '/uid', op: 'eq', value: before.uid }],
  impact: (input, before) => (before.autoSync.on ? wholeApplication(input, before) : one),
  probe: (_input, before) => anew(before),
  verification: (input, before) => [check(`${input.application} was compared`, input, anew(before))],
  irreversibleReason: 'it only reads Git again; where automated sync is on, that may deploy what is new there',
});

const ended: Expectation[] = [{ pointer: '/operation/running', op: 'eq', value: false }];

export const terminateOp = write({
  name: 'argocd.terminate_op',
  tier: 'low',
  summary: 'End the operation of an application that is under way; what it applied stays',
  input: Application,
  output: Message,
  command: ({ application }, site) => argocd(site, ['app', 'terminate-op', application]),
  noDryRunReason: 'argocd app terminate-op has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: argocdTimeoutMs,
  permissions: ['applications, get', 'applications, sync'],
  state: appStateOf,
  stateOutput: ApplicationState,
  preconditions: (_input, before) => [
    { pointer: '/operation/running', op: 'eq', value: true },
    { pointer: '/operation/startedAt', op: 'eq', value: before.operation?.startedAt ?? '' },
  ],
  impact: () => one,
  probe: () => ended,
  verification: (input) => [check(`Nothing is under way in ${input.application}`, input, ended)],
  irreversibleReason: 'an operation that was ended is begun anew by a sync',
});

const AutoSyncInput = Application.extend({
  on: z.boolean(),
  prune: z.boolean().default(false),
  selfHeal: z.boolean().default(false),
}).refine(({ on, prune, selfHeal }) => on || !(prune || selfHeal), 'prune and selfHeal belong to automated sync');
type AutoSyncInput = z.infer<typeof AutoSyncInput>;

const asAsked = ({ on, prune, selfHeal }: AutoSyncInput): Expectation[] => [
  { pointer: '/autoSync/on', op: 'eq', value: on },
  { pointer: '/autoSync/prune', op: 'eq', value: prune },
  { pointer: '/autoSync/selfHeal', op: 'eq', value: selfHeal },
];

export const setAutoSync = write({
  name: 'argocd.set_auto_sync',
  tier: 'medium',
  summary: 'Let Git decide what is deployed, or not',
  input: AutoSyncInput,
  output: Message,
  command: ({ application, on, prune, selfHeal }, site) =>
    argocd(site, [
      ...['app', 'set', application],
      ...(on ? ['--sync-policy=automated', `--auto-prune=${prune}`, `--self-heal=${selfHeal}`] : ['--sync-policy=none']),
    ]),
  noDryRunReason: 'argocd app set has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: argocdTimeoutMs,
  permissions: ['applications, get', 'applications, update'],
  state: appStateOf,
  stateOutput: ApplicationState,
  preconditions: (_input, { uid, autoSync }) => [
    { pointer: '/uid', op: 'eq', value: uid },
    { pointer: '/autoSync/on', op: 'eq', value: autoSync.on },
  ],
  // On, it deploys what Git has, and deletes what it has not.
  impact: (input, before) => (input.on ? wholeApplication(input, before) : one),
  probe: asAsked,
  verification: (input) => [check(`Automated sync of ${input.application} is ${input.on ? 'on' : 'off'}`, input, asAsked(input))],
  rollback: ({ application }, { autoSync }) => ({ operation: 'argocd.set_auto_sync', input: { application, ...autoSync } }),
});

const gone: Expectation[] = [{ pointer: '/exists', op: 'eq', value: false }];
const presence = ({ application }: Application) => ({ operation: 'argocd.app_presence', input: { application } });

export const appDelete = write({
  name: 'argocd.app_delete',
  tier: 'high',
  summary: 'Delete an application with everything that it deployed, or with `cascade` false the application alone',
  input: Application.extend({ cascade: z.boolean().default(true) }),
  output: Message,
  command: ({ application, cascade }, site) => argocd(site, ['app', 'delete', application, `--cascade=${cascade}`, '--yes=true']),
  noDryRunReason: 'argocd app delete has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: argocdTimeoutMs,
  permissions: ['applications, get', 'applications, delete'],
  state: presence,
  stateOutput: AppPresence,
  preconditions: (_input, before) => [
    { pointer: '/exists', op: 'eq', value: true },
    { pointer: '/uid', op: 'eq', value: before.uid },
  ],
  impact: ({ cascade }, before) => ({ targets: 1, replicas: cascade ? before.resources : 0, percent: 100 }),
  probe: () => gone,
  verification: (input) => [
    { title: `${input.application} is gone`, ...presence(input), expect: gone, withinSeconds: 120, stableSeconds: 0 },
  ],
  irreversibleReason:
    'an application that was deleted is made anew from where it is defined; what it deployed comes back with the next sync, data in its volumes does not',
});
