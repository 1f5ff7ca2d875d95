import { z } from 'zod';
import type { RightsQuestion } from '../system.ts';
import { dataOf, vault } from './vault.ts';

/** Paths of the operations that are the same everywhere. */
const paths = [
  ...['sys/auth', 'sys/mounts', 'sys/policy', 'sys/audit', 'sys/key-status', 'sys/storage/raft/configuration'],
  ...['sys/leases/lookup', 'sys/leases/renew', 'sys/leases/revoke', 'sys/rotate'],
  ...['auth/token/lookup-accessor', 'auth/token/revoke-accessor'],
];

const Token = z.object({ policies: z.array(z.string()), identity_policies: z.array(z.string()).optional() });

/** The policies of the token, and what they let it do at the paths of our operations. Nothing else of the token is kept. */
export const rights: readonly RightsQuestion[] = [
  {
    command: (site) => vault(site, ['token', 'lookup']),
    parse: ({ stdout }) => {
      const { policies, identity_policies = [] } = dataOf(Token, stdout);
      return [...policies, ...identity_policies].map((policy) => `policy ${policy}`);
    },
  },
  {
    command: (site) => vault(site, ['write'], [], ['sys/capabilities-self', ...paths.map((path) => `paths=${path}`)]),
    parse: ({ stdout }) => {
      const found = dataOf(z.record(z.string(), z.unknown()), stdout);
      return paths.flatMap((path) => {
        const may = z.array(z.string()).catch([]).parse(found[path]);
        return may.length === 0 || may.includes('deny') ? [] : [`${may.toSorted().join(', ')} ${path}`];
      });
    },
  },
];
