import { z } from 'zod';
import { read } from '../operation.ts';
import { apiAnswer, head } from './answer.ts';
import { prometheusApi, prometheusTimeoutMs } from './promtool.ts';

const Target = z.object({
  labels: z.record(z.string(), z.string()),
  /** Null: not told. */
  pool: z.string().nullable(),
  url: z.string(),
  /** `up`, `down` or `unknown`. */
  health: z.string(),
  lastError: z.string().nullable(),
  lastScrape: z.string().nullable(),
});

export const Targets = z.object({
  /** Those that are not up first. */
  targets: z.array(Target),
  /** Of all, also of those left out. */
  up: z.number().int().nonnegative(),
  notUp: z.number().int().nonnegative(),
  /** Targets left out. */
  omitted: z.number().int().nonnegative(),
});

/** Targets in an answer. */
const limit = 200;

const Answer = z.object({
  activeTargets: z.array(
    z.object({
      labels: z.record(z.string(), z.string()).default({}),
      scrapePool: z.string().optional(),
      scrapeUrl: z.string(),
      lastError: z.string().optional(),
      lastScrape: z.string().optional(),
      health: z.string().toLowerCase(),
    }),
  ),
});

export function targetsOf(text: string): z.infer<typeof Targets> {
  const all = apiAnswer(Answer, text).activeTargets.map((target) => ({
    labels: target.labels,
    pool: target.scrapePool ?? null,
    url: target.scrapeUrl,
    health: target.health,
    lastError: target.lastError || null,
    lastScrape: target.lastScrape ?? null,
  }));
  const { up = [], notUp = [] } = Object.groupBy(all, ({ health }) => (health === 'up' ? 'up' : 'notUp'));
  const { kept, omitted } = head([...notUp, ...up], limit);
  return { targets: kept, up: up.length, notUp: notUp.length, omitted };
}

export const prometheusTargets = read({
  name: 'prometheus.targets',
  summary: 'What is scraped, and which of it cannot be',
  input: z.strictObject({}),
  output: Targets,
  command: () => prometheusApi('targets', { state: 'active' }),
  parse: ({ stdout }) => targetsOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/targets'],
});
