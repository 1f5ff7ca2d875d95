import { tokenIn } from '../credentials.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { breakGlass, breakGlassEnd, roleMember } from './break-glass.ts';
import { grantsOf } from './grants.ts';
import { program } from './program.ts';
import { catalogList, hostList, scopeList, targetList, targetRead, workerList } from './reads.ts';
import { remedy } from './remedy.ts';
import { rights } from './rights.ts';
import { sessionCancel, sessionList, sessionState } from './sessions.ts';

const operations: readonly AnyOperation[] = [
  breakGlass,
  breakGlassEnd,
  catalogList,
  hostList,
  roleMember,
  scopeList,
  sessionCancel,
  sessionList,
  sessionState,
  targetList,
  targetRead,
  workerList,
];

export const system = defineSystem({
  name: 'boundary',
  title: 'Boundary',
  operations,
  programs: [program],
  api: ({ address, token, caCert }) => ({
    url: address,
    ca: caCert,
    headers: async (credentials) => ({ authorization: `Bearer ${await tokenIn(token, credentials, 'boundary.token')}` }),
  }),
  rights,
  remedy,
  role: { title: 'Boundary grants', text: (_name, permissions) => grantsOf(permissions) },
  secrets: ({ token }) => ({ tokens: [token] }),
});
