import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { beginningOf } from '../text.ts';
import { eitherSys, vault, vaultTimeoutMs } from './vault.ts';

const Mount = z.object({
  type: z.string(),
  description: z.string().default(''),
  accessor: z.string().default(''),
  options: z.record(z.string(), z.string()).nullish(),
  config: z.object({ default_lease_ttl: z.number().default(0), max_lease_ttl: z.number().default(0) }).prefault({}),
  running_plugin_version: z.string().optional(),
  deprecation_status: z.string().optional(),
});
type Mount = z.infer<typeof Mount>;

/** The program prints them alone, the API also beside other things. */
const Mounts = z.union([z.object({ data: z.record(z.string(), Mount) }).transform(({ data }) => data), z.record(z.string(), Mount)]);

const Shown = z.object({
  path: z.string(),
  type: z.string(),
  description: z.string(),
  /** Of a key-value store: 1 or 2. */
  version: z.string().nullable(),
  /** Seconds; 0: what the system has. */
  defaultTtlSeconds: z.number(),
  maxTtlSeconds: z.number(),
  plugin: z.string().nullable(),
  deprecation: z.string().nullable(),
});

function shownOf([path, { type, description, options, config, running_plugin_version: plugin, deprecation_status: deprecation }]: [
  string,
  Mount,
]): z.infer<typeof Shown> {
  return {
    ...{ path, type, description: beginningOf(description, 200), version: options?.['version'] ?? null },
    ...{ defaultTtlSeconds: config.default_lease_ttl, maxTtlSeconds: config.max_lease_ttl },
    ...{ plugin: plugin || null, deprecation: deprecation || null },
  };
}

const input = z.strictObject({});
const output = z.object({ mounts: z.array(Shown) });
const parse = ({ stdout }: { readonly stdout: string }) => ({
  mounts: Object.entries(parseJson(Mounts, stdout))
    .map(shownOf)
    .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
});

export const authList = read({
  name: 'vault.auth_list',
  summary: 'Ways to sign in that are enabled',
  ...{ input, output, parse },
  command: (_input, site) => eitherSys(site, vault(site, ['auth', 'list']), 'auth'),
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/auth'],
});

export const secretsList = read({
  name: 'vault.secrets_list',
  summary: 'Secrets engines that are enabled, with their types and limits',
  ...{ input, output, parse },
  command: (_input, site) => eitherSys(site, vault(site, ['secrets', 'list']), 'mounts'),
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/mounts'],
});

const Devices = z.record(z.string(), z.object({ type: z.string(), description: z.string().default(''), local: z.boolean().optional() }));

export const auditList = read({
  name: 'vault.audit_list',
  summary: 'Audit devices: without one nothing is logged, and with none that can be written nothing is answered',
  input,
  output: z.object({ devices: z.array(z.object({ path: z.string(), type: z.string(), description: z.string() })) }),
  command: (_input, site) => eitherSys(site, vault(site, ['audit', 'list']), 'audit'),
  // It says in words that there are none.
  answers: ({ exitCode, stdout, stderr }) => exitCode === 2 && /No audit devices are enabled/.test(`${stdout}${stderr}`),
  parse: ({ stdout }) => {
    if (stdout.trim() === '' || !stdout.trimStart().startsWith('{')) return { devices: [] };
    const devices = parseJson(z.union([z.object({ data: Devices }).transform(({ data }) => data), Devices]), stdout);
    return { devices: Object.entries(devices).map(([path, { type, description }]) => ({ path, type, description })) };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read, sudo sys/audit'],
});
