import { z } from 'zod';
import { contentHash } from './canonical.ts';
import { describe } from './kubernetes/describe.ts';
import { events } from './kubernetes/events.ts';
import { get } from './kubernetes/get.ts';
import { logs } from './kubernetes/logs.ts';
import { rolloutHistory } from './kubernetes/rollout-history.ts';
import { rolloutRestart } from './kubernetes/rollout-restart.ts';
import { rolloutState } from './kubernetes/rollout-state.ts';
import { rolloutStatus } from './kubernetes/rollout-status.ts';
import { rolloutTemplate } from './kubernetes/rollout-template.ts';
import { rolloutUndo } from './kubernetes/rollout-undo.ts';
import { scale } from './kubernetes/scale.ts';
import { setImage } from './kubernetes/set-image.ts';
import { top } from './kubernetes/top.ts';
import { workloads } from './kubernetes/workloads.ts';
import type { AnyOperation } from './operation.ts';
import { prometheusAlerts } from './prometheus/alerts.ts';
import { prometheusQuery } from './prometheus/query.ts';
import { prometheusQueryRange } from './prometheus/query-range.ts';
import { prometheusRules } from './prometheus/rules.ts';
import { prometheusSeries } from './prometheus/series.ts';

/** Everything that the product can do to a system. What is not here does not run. */
export const operations: readonly AnyOperation[] = [
  describe,
  events,
  get,
  logs,
  rolloutHistory,
  rolloutRestart,
  rolloutState,
  rolloutStatus,
  rolloutTemplate,
  rolloutUndo,
  scale,
  setImage,
  top,
  workloads,
  prometheusAlerts,
  prometheusQuery,
  prometheusQueryRange,
  prometheusRules,
  prometheusSeries,
];

/** The allow-list. */
export interface Registry {
  /** Undefined: not allowed. */
  get(name: string): AnyOperation | undefined;
  /** By name. */
  list(): readonly AnyOperation[];
  /** SHA-256 over names, tiers and input schemas: equal hashes accept the same calls at the same risk. */
  readonly hash: string;
}

/** Throws when two operations have one name. */
export function createRegistry(allowed: readonly AnyOperation[] = operations): Registry {
  const sorted = allowed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map(sorted.map((operation) => [operation.name, operation]));
  if (byName.size !== allowed.length) throw new Error('two operations have one name');
  const hash = contentHash(
    sorted.map(({ name, tier, input }) => ({ name, tier, input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) })),
  );
  return { get: (name) => byName.get(name), list: () => sorted, hash };
}
