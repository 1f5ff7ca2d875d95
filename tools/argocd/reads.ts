import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { argument, KubernetesLabel, KubernetesName } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read, type SiteFacts } from '../operation.ts';
import { beginningOf, boundedText, Text, textOf } from '../text.ts';
import { ApplicationObject, ApplicationState, stateOf } from './application.ts';
import { Application, argocd, argocdTimeoutMs, Revision } from './argocd.ts';

const getApplications = ['applications, get'];

/** `argocd app history` and `argocd app resources` print tables only: this prints the same, and more, as data. */
const app = ({ application }: Application, site: SiteFacts) => argocd(site, ['app', 'get', application, '--output=json']);

export const appState = read({
  name: 'argocd.app_get',
  summary: 'Where an application stands: sync, health, revision, running operation, what is out of sync',
  input: Application,
  output: ApplicationState,
  command: app,
  parse: ({ stdout }) => stateOf(parseJson(ApplicationObject, stdout)),
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

/** The state operation of most writes. */
export function appStateOf({ application }: Application): OperationCall {
  return { operation: 'argocd.app_get', input: { application } };
}

const Listed = z.object({
  name: z.string(),
  uid: z.string(),
  project: z.string(),
  namespace: z.string(),
  sync: z.string(),
  health: z.string(),
  revision: z.string(),
  /** When its latest deployment ended; null: there is none. */
  deployedAt: z.string().nullable(),
});

/** Applications in an answer: those in trouble first. */
const limit = 300;

export const appList = read({
  name: 'argocd.app_list',
  summary: 'Applications with their sync and health, those in trouble first',
  input: z.strictObject({ project: KubernetesName.optional() }),
  output: z.object({ applications: z.array(Listed), /** Applications left out. */ omitted: z.number().int().nonnegative() }),
  command: ({ project }, site) =>
    argocd(site, ['app', 'list', ...(project === undefined ? [] : [`--project=${project}`]), '--output=json']),
  parse: ({ stdout }) => {
    const all = (parseJson(z.array(ApplicationObject).nullable(), stdout) ?? []).map(({ metadata, spec, status }) => ({
      ...{ name: metadata.name, uid: metadata.uid, project: spec.project, namespace: spec.destination.namespace ?? '' },
      ...{ sync: status.sync.status, health: status.health.status, revision: status.sync.revision },
      deployedAt: status.history?.at(-1)?.deployedAt ?? null,
    }));
    const trouble = (item: z.infer<typeof Listed>): number => Number(item.health !== 'Healthy') + Number(item.sync !== 'Synced');
    return { applications: all.toSorted((a, b) => trouble(b) - trouble(a)).slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

export const AppPresence = z.object({
  exists: z.boolean(),
  uid: z.string().nullable(),
  deleting: z.boolean(),
  resources: z.number().int(),
});
export type AppPresence = z.infer<typeof AppPresence>;

/** By listing: of an application that does not exist, the server says that it may not be seen. */
export const appPresence = read({
  name: 'argocd.app_presence',
  summary: 'Whether there is an application of that name that may be seen, and how much belongs to it',
  input: Application,
  output: AppPresence,
  command: (_input, site) => argocd(site, ['app', 'list', '--output=json']),
  parse: ({ stdout }, { application }) => {
    const found = (parseJson(z.array(ApplicationObject).nullable(), stdout) ?? []).find(({ metadata }) => metadata.name === application);
    return {
      exists: found !== undefined,
      uid: found?.metadata.uid ?? null,
      deleting: found?.metadata.deletionTimestamp != null,
      resources: found?.status.resources?.length ?? 0,
    };
  },
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

const Deployment = z.object({ id: z.number().int(), revision: z.string(), deployedAt: z.string(), by: z.string().nullable() });

export const appHistory = read({
  name: 'argocd.app_history',
  summary: 'What was deployed of an application, newest first, with the ids that a rollback takes',
  input: Application,
  output: z.object({ deployments: z.array(Deployment) }),
  command: app,
  parse: ({ stdout }) => ({
    deployments: (parseJson(ApplicationObject, stdout).status.history ?? [])
      .map(({ id, revision, deployedAt, initiatedBy }) => ({ id, revision, deployedAt, by: initiatedBy?.username || null }))
      .toSorted((a, b) => b.id - a.id),
  }),
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

const Resource = z.object({
  group: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  sync: z.string(),
  health: z.string().nullable(),
  message: z.string().nullable(),
});

export const appResources = read({
  name: 'argocd.app_resources',
  summary: 'Objects of an application with their sync and health',
  input: Application,
  output: z.object({ resources: z.array(Resource), /** Objects left out. */ omitted: z.number().int().nonnegative() }),
  command: app,
  parse: ({ stdout }) => {
    const all = (parseJson(ApplicationObject, stdout).status.resources ?? []).map(
      ({ status: sync, health, group, kind, namespace, name }) => ({
        ...{
          group,
          kind,
          namespace,
          name,
          sync,
          health: health?.status ?? null,
          message: health?.message === undefined ? null : beginningOf(health.message, 500),
        },
      }),
    );
    return { resources: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

export function diffLine(application: string, revision: string | undefined, site: SiteFacts) {
  return argocd(site, ['app', 'diff', application, ...(revision === undefined ? [] : [`--revision=${revision}`]), '--exit-code=false']);
}

export const appDiff = read({
  name: 'argocd.app_diff',
  summary: 'How the objects in the cluster differ from Git, or from one revision of it',
  input: Application.extend({ revision: Revision.optional() }),
  output: Text,
  command: ({ application, revision }, site) => diffLine(application, revision, site),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

export const appManifests = read({
  name: 'argocd.app_manifests',
  summary: 'Objects of an application as YAML, as Git has them or as the cluster does',
  input: Application.extend({ source: z.enum(['git', 'live']).default('git') }),
  output: Text,
  command: ({ application, source }, site) => argocd(site, ['app', 'manifests', application, `--source=${source}`]),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: argocdTimeoutMs,
  permissions: getApplications,
});

export const appLogs = read({
  name: 'argocd.app_logs',
  summary: 'The last lines that the containers of an application printed',
  input: Application.extend({
    tail: z.int().min(1).max(2000).default(200),
    sinceSeconds: z.int().min(1).max(86_400).optional(),
    container: KubernetesLabel.optional(),
    previous: z.boolean().default(false),
    /** Only lines that hold it. */
    filter: argument(200).optional(),
  }),
  output: Text,
  command: ({ application, tail, sinceSeconds, container, previous, filter }, site) =>
    argocd(site, [
      ...['app', 'logs', application, `--tail=${tail}`],
      ...(sinceSeconds === undefined ? [] : [`--since-seconds=${sinceSeconds}`]),
      ...(container === undefined ? [] : [`--container=${container}`]),
      ...(previous ? ['--previous=true'] : []),
      ...(filter === undefined ? [] : [`--filter=${filter}`]),
    ]),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: argocdTimeoutMs,
  permissions: [...getApplications, 'logs, get'],
});

const Named = z.object({ metadata: z.object({ name: z.string() }) });

export const projList = read({
  name: 'argocd.proj_list',
  summary: 'Projects: from where and to where their applications may be deployed',
  input: z.strictObject({}),
  output: z.object({ projects: z.array(z.object({ name: z.string(), sources: z.array(z.string()), destinations: z.array(z.string()) })) }),
  command: (_input, site) => argocd(site, ['proj', 'list', '--output=json']),
  parse: ({ stdout }) => {
    const Destination = z.object({ server: z.string().default('*'), namespace: z.string().default('*') });
    const spec = z.object({ sourceRepos: z.array(z.string()).nullish(), destinations: z.array(Destination).nullish() });
    const projects = parseJson(z.array(Named.extend({ spec })).nullable(), stdout) ?? [];
    return {
      projects: projects.map(({ metadata, spec: { sourceRepos, destinations } }) => ({
        name: metadata.name,
        sources: sourceRepos ?? [],
        destinations: (destinations ?? []).map(({ server, namespace }) => `${server} ${namespace}`),
      })),
    };
  },
  timeoutMs: argocdTimeoutMs,
  permissions: ['projects, get'],
});

export const clusterList = read({
  name: 'argocd.cluster_list',
  summary: 'Clusters that Argo CD deploys to, and whether it reaches them',
  input: z.strictObject({}),
  output: z.object({
    clusters: z.array(
      z.object({ name: z.string(), server: z.string(), connection: z.string(), message: z.string(), version: z.string().nullable() }),
    ),
  }),
  command: (_input, site) => argocd(site, ['cluster', 'list', '--output=json']),
  parse: ({ stdout }) => {
    const state = z.object({ status: z.string().default('Unknown'), message: z.string().default('') }).prefault({});
    const info = z.object({ connectionState: state, serverVersion: z.string().optional() }).prefault({});
    const clusters = parseJson(z.array(z.object({ name: z.string().default(''), server: z.string(), info })).nullable(), stdout) ?? [];
    return {
      clusters: clusters.map(({ name, server, info: { connectionState, serverVersion } }) => ({
        ...{ name, server, connection: connectionState.status, message: connectionState.message, version: serverVersion ?? null },
      })),
    };
  },
  timeoutMs: argocdTimeoutMs,
  permissions: ['clusters, get'],
});
