import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { eitherSys, vault, vaultTimeoutMs } from './vault.ts';

const Printed = z.object({
  type: z.string(),
  initialized: z.boolean(),
  sealed: z.boolean(),
  t: z.number(),
  n: z.number(),
  progress: z.number(),
  version: z.string(),
  cluster_name: z.string().optional(),
  storage_type: z.string().optional(),
  ha_enabled: z.boolean().optional(),
  is_self: z.boolean().optional(),
  active_time: z.string().optional(),
  leader_address: z.string().optional(),
  raft_committed_index: z.number().optional(),
  raft_applied_index: z.number().optional(),
});

export const status = read({
  name: 'vault.status',
  summary: 'Whether the server is sealed, which version it is, and which node leads',
  input: z.strictObject({}),
  output: z.object({
    initialized: z.boolean(),
    sealed: z.boolean(),
    /** Shares of the key that were given and that are needed, while it is sealed. */
    unsealing: z.object({ given: z.number(), needed: z.number() }).nullable(),
    version: z.string(),
    seal: z.string(),
    storage: z.string().nullable(),
    cluster: z.string().nullable(),
    /** Null: it does not say, or there is one node only. */
    leader: z.string().nullable(),
    /** Entries of the raft log that are committed and not yet applied here. */
    raftBehind: z.number().nullable(),
  }),
  command: (_input, site) => eitherSys(site, vault(site, ['status']), 'seal-status'),
  // It ends with 2 where the server is sealed.
  answers: ({ exitCode, stdout }) => exitCode === 2 && stdout.trimStart().startsWith('{'),
  parse: ({ stdout }) => {
    const found = parseJson(Printed, stdout);
    const { raft_committed_index: committed, raft_applied_index: applied } = found;
    return {
      ...{ initialized: found.initialized, sealed: found.sealed, version: found.version, seal: found.type },
      unsealing: found.sealed ? { given: found.progress, needed: found.t } : null,
      ...{ storage: found.storage_type || null, cluster: found.cluster_name || null, leader: found.leader_address || null },
      raftBehind: committed === undefined || applied === undefined ? null : Math.max(0, committed - applied),
    };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/seal-status', 'read sys/leader'],
});
