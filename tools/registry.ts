import { z } from 'zod';
import { operations as alertmanager } from './alertmanager/index.ts';
import { operations as argocd } from './argocd/index.ts';
import { contentHash } from './canonical.ts';
import { operations as helm } from './helm/index.ts';
import { operations as kubernetes } from './kubernetes/index.ts';
import type { AnyOperation } from './operation.ts';
import { operations as probe } from './probe/index.ts';
import { operations as prometheus } from './prometheus/index.ts';

/** Everything that the product can do to a system. What is not here does not run. */
export const operations: readonly AnyOperation[] = [...alertmanager, ...argocd, ...helm, ...kubernetes, ...probe, ...prometheus];

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
