import type { Prediction } from '../vocabulary.ts';

/** A recorded case: what was asked, by key, and what came back. */
export interface Recording {
  readonly cache: Readonly<Record<string, unknown>>;
  readonly namespace: string;
  readonly answer: Prediction;
}

/** Null: the case has nothing that it could change. */
export type Variation = (given: Recording, random: () => number) => Recording | null;

/** The same numbers for the same seed: mulberry32. */
export function seeded(text: string): () => number {
  let state = [...text].reduce((sum, char) => Math.imul(sum ^ char.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Every text of a recording, keys included. */
export function mapped({ cache, namespace, answer }: Recording, change: (text: string) => string): Recording {
  const value = (each: unknown): unknown => {
    if (typeof each === 'string') return change(each);
    if (Array.isArray(each)) return each.map(value);
    return each !== null && typeof each === 'object'
      ? Object.fromEntries(Object.entries(each).map(([key, inner]) => [change(key), value(inner)]))
      : each;
  };
  return {
    namespace,
    cache: Object.fromEntries(Object.entries(cache).map(([key, output]) => [change(key), value(output)])),
    answer: { ...answer, fault_object: change(answer.fault_object) },
  };
}

/** What a tool said, changed; a recording in which nothing changed is no variation. */
export function answered(given: Recording, change: (output: unknown, key: string) => unknown): Recording | null {
  const cache = Object.fromEntries(Object.entries(given.cache).map(([key, output]) => [key, change(output, key)]));
  return Object.keys(cache).some((key) => cache[key] !== given.cache[key]) ? { ...given, cache } : null;
}

export function without(given: Recording, pattern: RegExp): Recording | null {
  const kept = Object.entries(given.cache).filter(([key]) => !pattern.test(key));
  return kept.length === Object.keys(given.cache).length ? null : { ...given, cache: Object.fromEntries(kept) };
}
