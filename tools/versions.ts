import type { Run } from './run.ts';
import { programOf } from './systems.ts';

const limits = { timeoutMs: 10_000, maxOutputBytes: 16_384 };

/** `1.34.2`; null: it does not start, or says nothing that looks like a version. */
export async function versionOf(run: Run, name: string, file: string): Promise<string | null> {
  const argv = programOf(name)?.version;
  if (argv === undefined) return null;
  const result = await run({ ...limits, file, argv });
  if (result.kind !== 'exited') return null;
  // promtool and amtool write to one or the other, by their version.
  const [, version] =
    /\bv?([0-9]+\.[0-9]+(?:\.[0-9]+)?)/.exec(`${result.stdout}\n${result.stderr}`.replace(/"(major|minor)".*/g, '')) ?? [];
  return version ?? null;
}

function before(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  const at = (left ?? []).findIndex((part, index) => part !== (right?.[index] ?? 0));
  return at === -1 ? (left?.length ?? 0) < (right?.length ?? 0) && /[1-9]/.test(b.slice(a.length)) : (left?.[at] ?? 0) < (right?.[at] ?? 0);
}

/** The version that a program should have at least; null: the one it has will do. */
export function tooOld(name: string, version: string): string | null {
  const wanted = programOf(name)?.oldest;
  return wanted !== undefined && before(version, wanted) ? wanted : null;
}
