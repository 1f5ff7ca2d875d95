import { quantity } from '../diagnosis/quantity.ts';

const units = [
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
] as const;

/**
 * So many times as much memory (`384Mi`) or CPU (`750m`), as Kubernetes keeps it: in the largest whole unit; memory rounded up to whole Mi.
 * Null: it is no quantity, or the factor is not from 0.1 to 4.
 */
export function scaledQuantity(text: string, factor: number): string | null {
  const base = quantity(text);
  if (base === null || base <= 0 || !(factor >= 0.1 && factor <= 4)) return null;
  if (!/[KMGTkmg]i?$/.test(text) || text.endsWith('m')) {
    const milli = Math.ceil(base * factor * 1000);
    return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
  }
  const bytes = Math.ceil((base * factor) / 2 ** 20) * 2 ** 20;
  const [unit, size] = units.find(([, one]) => bytes % one === 0) ?? ['Mi', 2 ** 20];
  return `${bytes / size}${unit}`;
}
