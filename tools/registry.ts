import { z } from 'zod';
import { contentHash } from './canonical.ts';
import type { AnyOperation } from './operation.ts';
import { systems } from './systems.ts';

/** Everything that the product can do to a system. What is not here does not run. */
export const operations: readonly AnyOperation[] = systems.flatMap((system) => system.operations);

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
