import { bearer } from '../credentials.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { program } from './program.ts';
import { rights } from './rights.ts';
import { tempoSearch } from './search.ts';
import { tempoTags, tempoTagValues } from './tags.ts';
import { tempoTrace } from './trace.ts';

const operations: readonly AnyOperation[] = [tempoSearch, tempoTags, tempoTagValues, tempoTrace];

export const system = defineSystem({
  name: 'tempo',
  title: 'Tempo',
  operations,
  rights,
  programs: [program],
  api: ({ url, tenant, token, ca }) => ({
    url,
    ca,
    headers: async (credentials) => ({
      ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }),
      ...(await bearer(token, credentials, 'tempo.token')),
    }),
  }),
  secrets: ({ token }) => ({ tokens: token === undefined ? [] : [token] }),
});
