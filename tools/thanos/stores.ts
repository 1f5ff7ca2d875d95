import { z } from 'zod';
import { read } from '../operation.ts';
import { apiAnswer, head, timeOf } from '../prometheus/answer.ts';
import { queryApi } from '../prometheus/promtool.ts';
import { thanosTimeoutMs } from './ask.ts';

const labelSets = z.array(z.record(z.string(), z.string()));

const Store = z.object({
  address: z.string(),
  /** `sidecar`, `store`, `rule`, `receive`, `query`. */
  kind: z.string(),
  labelSets,
  /** Null: without an end. */
  from: z.string().nullable(),
  until: z.string().nullable(),
  lastCheck: z.string(),
  /** Null: it answered. */
  lastError: z.string().nullable(),
});

const Answer = z.record(
  z.string(),
  z.array(
    z.object({
      name: z.string(),
      lastCheck: z.string(),
      lastError: z.string().nullish(),
      labelSets: labelSets.nullish(),
      minTime: z.number(),
      maxTime: z.number(),
    }),
  ),
);

/** Stores in an answer. */
const limit = 200;

export const thanosStores = read({
  name: 'thanos.stores',
  summary: 'Stores that Thanos Query asks: what they hold, and which do not answer',
  input: z.strictObject({}),
  output: z.object({
    /** Those that do not answer first. */
    stores: z.array(Store),
    /** Of all, also of those left out. */
    failing: z.number().int().nonnegative(),
    /** Stores left out. */
    omitted: z.number().int().nonnegative(),
  }),
  command: () => queryApi('thanos', 'stores'),
  parse: ({ stdout }) => {
    const all = Object.entries(apiAnswer(Answer, stdout)).flatMap(([kind, stores]) =>
      stores.map((store) => ({
        address: store.name,
        kind,
        labelSets: store.labelSets ?? [],
        from: timeOf(store.minTime),
        until: timeOf(store.maxTime),
        lastCheck: store.lastCheck,
        lastError: store.lastError || null,
      })),
    );
    const { failing = [], fine = [] } = Object.groupBy(all, ({ lastError }) => (lastError === null ? 'fine' : 'failing'));
    const { kept, omitted } = head([...failing, ...fine], limit);
    return { stores: kept, failing: failing.length, omitted };
  },
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/stores'],
});
