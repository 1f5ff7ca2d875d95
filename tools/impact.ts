import type { Impact } from './contract.ts';

/** From one size to another. Percent of the larger size, rounded up: from or to none is all of it. */
export function resized(from: number, to: number): Impact {
  const larger = Math.max(from, to);
  const replicas = larger - Math.min(from, to);
  return { targets: 1, replicas, percent: larger === 0 ? 0 : Math.ceil((replicas * 100) / larger) };
}

/** One thing that replaces nothing and moves nobody. */
export const onlyItself: Impact = { targets: 1, replicas: 0, percent: 0 };
