import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { PostgresFailed } from './errors.ts';

const Holder = z.object({ pid: z.number(), started: z.string().nullable() });

/** When a process started, in the kernel's own measure: tells a process from another that got its id. Null where /proc is missing. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function holderOf(path: string): number | null {
  try {
    const holder = Holder.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isAlive(holder.pid) && startOf(holder.pid) === holder.started ? holder.pid : null;
  } catch {
    return null;
  }
}

/** One program per data directory. Answers how to give it back. Throws PostgresFailed while another living process holds it. */
export function holdDirectory(path: string, dataDir: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  try {
    writeFileSync(path, mine, { flag: 'wx' });
  } catch (error) {
    const holder = holderOf(path);
    if (holder !== null)
      throw new PostgresFailed(
        `the data in ${dataDir} is in use by process ${holder}: stop it, or set WATCHKEEPER_DATA to another directory`,
        error,
      );
    writeFileSync(path, mine);
  }
  return () => rmSync(path, { force: true });
}
