import { z } from 'zod';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { gitlabTimeoutMs, Project, projectApi } from './api.ts';
import { readProject } from './rights.ts';

const EnvironmentName = argument(255).regex(/^[A-Za-z0-9._ {}$/-]+$/, 'must be the name of an environment');

const Deployed = z.object({
  ...{ id: z.number().int(), iid: z.number().int(), ref: z.string(), sha: z.string(), status: z.string() },
  ...{ created_at: z.string(), updated_at: z.string(), user: z.object({ username: z.string() }).nullish() },
  environment: z.object({ name: z.string() }),
  deployable: z.object({ id: z.number().int(), pipeline: z.object({ id: z.number().int() }).nullish() }).nullish(),
});

export const deploymentList = read({
  name: 'gitlab.deployment_list',
  summary: 'Deployments of a project, newest first, of all environments or of one',
  input: Project.extend({
    environment: EnvironmentName.optional(),
    status: z.enum(['created', 'running', 'success', 'failed', 'canceled', 'blocked']).optional(),
    limit: z.int().min(1).max(100).default(30),
  }),
  output: z.object({
    deployments: z.array(
      z.object({
        ...{ deployment: z.number().int(), commit: z.string(), ref: z.string(), environment: z.string(), by: z.string().nullable() },
        ...{ status: z.string(), job: z.number().int().nullable(), pipeline: z.number().int().nullable() },
        ...{ createdAt: z.string(), updatedAt: z.string() },
      }),
    ),
  }),
  command: ({ repository, environment, status, limit }, site) =>
    projectApi(site, repository).get('/deployments', { environment, status, order_by: 'id', sort: 'desc', per_page: limit }),
  parse: ({ stdout }) => ({
    deployments: parseJson(z.array(Deployed), stdout).map(({ id, sha, ref, status, environment, user, deployable, ...at }) => ({
      ...{ deployment: id, commit: sha, ref, status, environment: environment.name, by: user?.username ?? null },
      ...{ job: deployable?.id ?? null, pipeline: deployable?.pipeline?.id ?? null },
      ...{ createdAt: at.created_at, updatedAt: at.updated_at },
    })),
  }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

const Environment = z.object({
  ...{ id: z.number().int(), name: z.string(), state: z.string(), tier: z.string().nullish(), external_url: z.string().nullish() },
  updated_at: z.string().nullish(),
});

export const environmentList = read({
  name: 'gitlab.environment_list',
  summary: 'Environments that a project is deployed to',
  input: Project.extend({
    state: z.enum(['available', 'stopping', 'stopped']).default('available'),
    limit: z.int().min(1).max(100).default(50),
  }),
  output: z.object({
    environments: z.array(
      z.object({
        ...{ environment: z.string(), state: z.string(), tier: z.string().nullable(), url: z.string().nullable() },
        updatedAt: z.string().nullable(),
      }),
    ),
    /** There may be more than are told. */
    more: z.boolean(),
  }),
  command: ({ repository, state, limit }, site) => projectApi(site, repository).get('/environments', { states: state, per_page: limit }),
  parse: ({ stdout }, { limit }) => {
    const all = parseJson(z.array(Environment), stdout);
    const environments = all.map(({ name, state, tier, external_url, updated_at }) => ({
      ...{ environment: name, state, tier: tier ?? null, url: external_url ?? null, updatedAt: updated_at ?? null },
    }));
    return { environments, more: all.length === limit };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});
