import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { dataOf, VaultPath, vault, vaultTimeoutMs } from './vault.ts';

/** Entries in an answer. */
const limit = 500;

const Entry = z.strictObject({ mount: VaultPath.describe('Of a key-value store, version 2.'), path: VaultPath });

export const kvList = read({
  name: 'vault.kv_list',
  summary: 'Names of what a key-value store holds below a path, never what they hold',
  input: Entry.extend({ path: VaultPath.optional() }),
  output: z.object({ keys: z.array(z.string()), /** Names left out. */ omitted: z.number().int().nonnegative() }),
  command: ({ mount, path }, site) => vault(site, ['kv', 'list'], [`-mount=${mount}`], path === undefined ? [] : [path]),
  parse: ({ stdout }) => {
    const all = parseJson(z.array(z.string()), stdout);
    return { keys: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['list secret/metadata/*', 'list secret/metadata'],
});

const Metadata = z.object({
  created_time: z.string(),
  updated_time: z.string(),
  current_version: z.number(),
  oldest_version: z.number(),
  max_versions: z.number(),
  delete_version_after: z.string(),
  versions: z.record(z.string(), z.object({ created_time: z.string(), deletion_time: z.string(), destroyed: z.boolean() })).nullable(),
});

/**
 * When an entry was written, deleted or destroyed. By `kv metadata get`: the server says which key-value store a mount is, and the program
 * asks below `metadata/` of it; of version 1, and of anything else, it reads nothing.
 */
export const kvMetadata = read({
  name: 'vault.kv_metadata',
  summary: 'When an entry of a key-value store was written, deleted or destroyed, version by version, never its value',
  input: Entry,
  output: z.object({
    createdAt: z.string(),
    updatedAt: z.string(),
    currentVersion: z.number(),
    maxVersions: z.number(),
    deleteAfter: z.string(),
    versions: z.array(z.object({ version: z.number(), createdAt: z.string(), deletedAt: z.string().nullable(), destroyed: z.boolean() })),
  }),
  command: ({ mount, path }, site) => vault(site, ['kv', 'metadata', 'get'], [`-mount=${mount}`], [path]),
  parse: ({ stdout }) => {
    const found = dataOf(Metadata, stdout);
    return {
      ...{ createdAt: found.created_time, updatedAt: found.updated_time, currentVersion: found.current_version },
      ...{ maxVersions: found.max_versions, deleteAfter: found.delete_version_after },
      versions: Object.entries(found.versions ?? {})
        .map(([version, { created_time, deletion_time, destroyed }]) => ({
          ...{ version: Number(version), createdAt: created_time, deletedAt: deletion_time || null, destroyed },
        }))
        .toSorted((a, b) => b.version - a.version)
        .slice(0, 50),
    };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read secret/metadata/*'],
});
