import { z } from 'zod';
import { read } from '../operation.ts';
import { dataOf, eitherSys, vault, vaultTimeoutMs } from './vault.ts';

const Server = z.object({ node_id: z.string(), address: z.string(), leader: z.boolean(), voter: z.boolean() });

export const raftPeers = read({
  name: 'vault.raft_peers',
  summary: 'Nodes that store the data together, which of them leads and which of them vote',
  input: z.strictObject({}),
  output: z.object({
    peers: z.array(z.object({ node: z.string(), address: z.string(), leader: z.boolean(), voter: z.boolean() })),
  }),
  command: (_input, site) => eitherSys(site, vault(site, ['operator', 'raft', 'list-peers']), 'storage/raft/configuration'),
  parse: ({ stdout }) => ({
    peers: dataOf(z.object({ config: z.object({ servers: z.array(Server) }) }), stdout).config.servers.map(
      ({ node_id: node, address, leader, voter }) => ({ node, address, leader, voter }),
    ),
  }),
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/storage/raft/configuration'],
});
