import { z } from 'zod';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { grafanaApi, grafanaTimeoutMs } from './api.ts';

const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  /** Null: none. */
  folder: z.string().nullable(),
  tags: z.array(z.string()),
});

const Answer = z.array(
  z.object({ uid: z.string(), title: z.string().default(''), folderTitle: z.string().optional(), tags: z.array(z.string()).nullish() }),
);

/** Dashboards in an answer. */
const limit = 100;

export const grafanaSearch = read({
  name: 'grafana.search',
  summary: 'Dashboards by words of their title, or by a tag',
  input: z.strictObject({ query: argument(200).optional(), tag: argument(100).optional() }),
  output: z.object({ dashboards: z.array(Dashboard), /** There may be more than are told. */ more: z.boolean() }),
  command: ({ query, tag }) => grafanaApi('search', { type: 'dash-db', query, tag, limit }),
  parse: ({ stdout }) => {
    const all = parseJson(Answer, stdout);
    const dashboards = all.map(({ uid, title, folderTitle, tags }) => ({ uid, title, folder: folderTitle ?? null, tags: tags ?? [] }));
    return { dashboards, more: dashboards.length >= limit };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['dashboards:read on folders:*'],
});
