import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files for programs that read their credentials by themselves: in a directory that only this user enters. */
export interface PrivateFiles {
  /** Path of a file with this text, whose text never changes: what was looked at is what the program reads. */
  holding(name: string, text: string): Promise<string>;
  stop(): Promise<void>;
}

interface Written {
  readonly text: string;
  readonly path: string;
}

export function createPrivateFiles(): PrivateFiles {
  let folder: Promise<string> | null = null;
  const written = new Map<string, readonly Written[]>();
  return {
    async holding(name, text) {
      const before = written.get(name) ?? [];
      const same = before.find((one) => one.text === text && existsSync(one.path));
      if (same !== undefined) return same.path;
      folder ??= mkdtemp(join(tmpdir(), 'watchkeeper-credentials-'));
      const path = join(await folder, `${name}-${randomUUID()}`);
      await writeFile(path, text, { mode: 0o600, flag: 'wx' });
      // A program that was started a moment ago may still want the one before.
      const [last, ...older] = (written.get(name) ?? []).toReversed();
      written.set(name, [...(last === undefined ? [] : [last]), { text, path }]);
      await Promise.all(older.map((one) => rm(one.path, { force: true })));
      return path;
    },
    async stop() {
      written.clear();
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
      folder = null;
    },
  };
}
