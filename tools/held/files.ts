import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SiteIncomplete } from '../errors.ts';
import type { Workplace } from '../workplace.ts';

/** Files for programs that read their credentials by themselves. */
export interface PrivateFiles {
  /** Path of a file with this text, whose text never changes: what was looked at is what the program reads. */
  holding(name: string, text: string): Promise<string>;
  stop(): Promise<void>;
}

interface Written {
  readonly text: string;
  readonly path: string;
}

export function createPrivateFiles(place: Workplace): PrivateFiles {
  let folder: string | null = null;
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();
  const written = new Map<string, readonly Written[]>();

  async function hold(name: string, text: string): Promise<string> {
    if (stopped) throw new SiteIncomplete('the runner is being stopped');
    const before = written.get(name) ?? [];
    const same = before.find((one) => one.text === text && existsSync(one.path));
    if (same !== undefined) return same.path;
    // Something may have cleared the temporary directory meanwhile.
    if (folder === null || !existsSync(folder)) folder = await mkdtemp(join(await place.path(), 'credentials-'));
    const path = join(folder, `${name}-${randomUUID()}`);
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    // A program that was started a moment ago may still want the one before.
    const [last, ...older] = before.toReversed();
    written.set(name, [...(last === undefined ? [] : [last]), { text, path }]);
    await Promise.all(older.map((one) => rm(one.path, { force: true })));
    return path;
  }

  return {
    // One after the other: calls side by side want the same file, and would take each other's away.
    holding(name, text) {
      const mine = turn.then(() => hold(name, text));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async stop() {
      stopped = true;
      await turn;
      written.clear();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      folder = null;
    },
  };
}
