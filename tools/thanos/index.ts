import { bearer } from '../credentials.ts';
import type { AnyOperation } from '../operation.ts';
import { type Api, system as defineSystem } from '../system.ts';
import { blockMark, blockUnmark } from './block-mark.ts';
import { blockState, thanosBlocks } from './blocks.ts';
import { program } from './program.ts';
import { thanosLabels, thanosLabelValues, thanosQuery, thanosQueryRange, thanosSeries } from './queries.ts';
import { rights } from './rights.ts';
import { thanosAlerts, thanosRules, thanosTargets } from './states.ts';
import { thanosStores } from './stores.ts';

const operations: readonly AnyOperation[] = [
  blockMark,
  blockState,
  blockUnmark,
  thanosAlerts,
  thanosBlocks,
  thanosLabels,
  thanosLabelValues,
  thanosQuery,
  thanosQueryRange,
  thanosRules,
  thanosSeries,
  thanosStores,
  thanosTargets,
];

export const system = defineSystem({
  name: 'thanos',
  title: 'Thanos',
  operations,
  rights,
  programs: [program],
  api: ({ url, tenant, token, ca }) => ({
    url,
    ca,
    // A store that does not answer fails a query like an expression that cannot be evaluated: with 422.
    failures: [[/rpc error: code = (Unavailable|DeadlineExceeded)|connection refused|context deadline exceeded/, 'unreachable']],
    headers: async (credentials) => ({
      ...(tenant === undefined ? {} : { 'THANOS-TENANT': tenant }),
      ...(await bearer(token, credentials, 'thanos.token')),
    }),
  }),
  moreApis: ({ blocks, ca }): Readonly<Record<string, Api>> => (blocks === undefined ? {} : { 'thanos-blocks': { url: blocks, ca } }),
  secrets: ({ token, bucket }) => ({
    tokens: token === undefined ? [] : [token],
    configurations: bucket === undefined ? [] : [bucket],
  }),
});
