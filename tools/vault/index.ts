import { tokenIn } from '../credentials.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { databaseRole, databaseRotate, keyRotate, keyStatus, transitKey, transitRotate } from './keys.ts';
import { kvList, kvMetadata } from './kv.ts';
import { leaseList, leaseRenew, leaseRevoke, leaseState } from './leases.ts';
import { auditList, authList, secretsList } from './mounts.ts';
import { pkiCertificate, pkiList } from './pki.ts';
import { policyList, policyRead } from './policies.ts';
import { policyOf } from './policy-file.ts';
import { program } from './program.ts';
import { raftPeers } from './raft.ts';
import { remedy } from './remedy.ts';
import { rights } from './rights.ts';
import { status } from './status.ts';
import { tokenRevoke, tokenState } from './tokens.ts';

const operations: readonly AnyOperation[] = [
  auditList,
  authList,
  databaseRole,
  databaseRotate,
  keyRotate,
  keyStatus,
  kvList,
  kvMetadata,
  leaseList,
  leaseRenew,
  leaseRevoke,
  leaseState,
  pkiCertificate,
  pkiList,
  policyList,
  policyRead,
  raftPeers,
  secretsList,
  status,
  tokenRevoke,
  tokenState,
  transitKey,
  transitRotate,
];

export const system = defineSystem({
  name: 'vault',
  title: 'Vault',
  operations,
  programs: [program],
  api: ({ address, namespace, token, caCert }) => ({
    url: address,
    ca: caCert,
    headers: async (credentials) => ({
      'x-vault-token': await tokenIn(token, credentials, 'vault.token'),
      'x-vault-request': 'true',
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    }),
  }),
  rights,
  remedy,
  role: { title: 'Vault policy', text: (_name, permissions) => policyOf(permissions) },
  secrets: ({ token }) => ({ tokens: [token] }),
});
