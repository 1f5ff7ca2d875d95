import { z } from 'zod';
import { read } from '../operation.ts';
import { boundary, boundaryTimeoutMs, either, itemOf, itemsOf, listed, one, ScopeId, TargetId } from './boundary.ts';
import { boundaryId } from './settings.ts';

const Scoped = z.strictObject({ scope: ScopeId.default('global') });
const common = { input: Scoped, timeoutMs: boundaryTimeoutMs };
const left = z.number().int().nonnegative();
const text = z.string().default('');
const scope = z.object({ id: z.string() });

const Scope = z.object({ id: z.string(), type: text, name: text, description: text, scope_id: text });

export const scopeList = read({
  name: 'boundary.scope_list',
  summary: 'Organizations and projects below a scope',
  ...common,
  output: z.object({
    scopes: z.array(z.object({ id: z.string(), type: z.string(), name: z.string(), parent: z.string() })),
    omitted: left,
  }),
  command: (input, site) => listed(site, 'scopes', input.scope),
  parse: ({ stdout }) => {
    const { items, omitted } = itemsOf(Scope, stdout);
    return { scopes: items.map(({ id, type, name, scope_id: parent }) => ({ id, type, name, parent })), omitted };
  },
  permissions: ['list,read scope'],
});

const Target = z.object({
  ...{ id: z.string(), type: text, name: text, address: text, scope },
  session_max_seconds: z.number().default(0),
  session_connection_limit: z.number().default(0),
  attributes: z.object({ default_port: z.number().optional() }).nullish(),
  authorized_actions: z.array(z.string()).nullish(),
});
const ShownTarget = z.object({
  ...{ id: z.string(), type: z.string(), name: z.string(), address: z.string(), scope: z.string() },
  port: z.number().nullable(),
  sessionMaxSeconds: z.number(),
  /** -1: as many as wanted. */
  connectionLimit: z.number(),
});

function shownTarget({ id, type, name, address, ...target }: z.infer<typeof Target>): z.infer<typeof ShownTarget> {
  return {
    ...{ id, type, name, address, scope: target.scope.id, port: target.attributes?.default_port ?? null },
    ...{ sessionMaxSeconds: target.session_max_seconds, connectionLimit: target.session_connection_limit },
  };
}

export const targetList = read({
  name: 'boundary.target_list',
  summary: 'What people connect to below a scope',
  ...common,
  output: z.object({ targets: z.array(ShownTarget), omitted: left }),
  command: (input, site) => listed(site, 'targets', input.scope),
  parse: ({ stdout }) => {
    const { items, omitted } = itemsOf(Target, stdout);
    return { targets: items.map(shownTarget), omitted };
  },
  permissions: ['list,read target'],
});

export const targetRead = read({
  name: 'boundary.target_read',
  summary: 'Where a target leads, and how long a session may last',
  input: z.strictObject({ target: TargetId }),
  output: ShownTarget,
  command: ({ target }, site) => one(site, 'targets', target),
  parse: ({ stdout }) => shownTarget(itemOf(Target, stdout)),
  timeoutMs: boundaryTimeoutMs,
  permissions: ['read target'],
});

const Catalog = z.object({ id: z.string(), type: text, name: text, scope });

export const catalogList = read({
  name: 'boundary.catalog_list',
  summary: 'Catalogs of hosts below a scope',
  ...common,
  output: z.object({
    catalogs: z.array(z.object({ id: z.string(), type: z.string(), name: z.string(), scope: z.string() })),
    omitted: left,
  }),
  command: (input, site) => listed(site, 'host-catalogs', input.scope),
  parse: ({ stdout }) => {
    const { items, omitted } = itemsOf(Catalog, stdout);
    return { catalogs: items.map(({ id, type, name, scope }) => ({ id, type, name, scope: scope.id })), omitted };
  },
  permissions: ['list,read host-catalog'],
});

const Host = z.object({
  ...{ id: z.string(), name: text, type: text, external_name: text },
  attributes: z.object({ address: z.string().optional() }).nullish(),
  ip_addresses: z.array(z.string()).nullish(),
});

export const hostList = read({
  name: 'boundary.host_list',
  summary: 'Hosts of a catalog with their addresses',
  input: z.strictObject({ catalog: boundaryId('hcst', 'hcplg') }),
  output: z.object({ hosts: z.array(z.object({ id: z.string(), name: z.string(), addresses: z.array(z.string()) })), omitted: left }),
  command: ({ catalog }, site) =>
    either(site, boundary(site, ['hosts', 'list'], [`-host-catalog-id=${catalog}`]), 'hosts', { host_catalog_id: catalog }),
  parse: ({ stdout }) => {
    const { items, omitted } = itemsOf(Host, stdout);
    const hosts = items.map(({ id, name, external_name, attributes, ip_addresses }) => ({
      ...{ id, name: name || external_name },
      addresses: [...(attributes?.address === undefined ? [] : [attributes.address]), ...(ip_addresses ?? [])],
    }));
    return { hosts, omitted };
  },
  timeoutMs: boundaryTimeoutMs,
  permissions: ['list,read host'],
});

const Worker = z.object({
  ...{ id: z.string(), type: text, name: text, address: text },
  last_status_time: z.string().nullish(),
  release_version: text,
  active_connection_count: z.number().default(0),
});

export const workerList = read({
  name: 'boundary.worker_list',
  summary: 'Workers that carry sessions: when they last reported, and how many connections they carry',
  input: z.strictObject({}),
  output: z.object({
    workers: z.array(
      z.object({
        ...{ id: z.string(), name: z.string(), address: z.string(), version: z.string() },
        lastSeen: z.string().nullable(),
        connections: z.number(),
      }),
    ),
    omitted: left,
  }),
  command: (_input, site) => listed(site, 'workers', 'global'),
  parse: ({ stdout }) => {
    const { items, omitted } = itemsOf(Worker, stdout);
    const workers = items.map(
      ({ id, name, address, release_version: version, last_status_time, active_connection_count: connections }) => ({
        ...{ id, name, address, version, lastSeen: last_status_time ?? null, connections },
      }),
    );
    return { workers, omitted };
  },
  timeoutMs: boundaryTimeoutMs,
  permissions: ['list,read worker'],
});
