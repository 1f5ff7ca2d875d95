import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { exportNdjson } from '../cli/audit-lines.ts';
import type { Checkpoint } from './checkpoint.ts';
import { createFileExport } from './checkpoint-export.ts';
import { openCheckpointFile } from './checkpoint-file.ts';
import { createTestLog, type TestLog } from './testing.ts';
import { type Verification, verifyExport } from './verify.ts';

/** A log in a database of its own, with its API and a file of checkpoints outside the database. */
export interface TestArchive {
  readonly api: TestApi;
  readonly log: TestLog;
  readonly directory: string;
  /** The file of checkpoints, as exported so far. */
  readonly checkpoints: string;
  /** Sequences, signs and exports what was written. */
  settle(): Promise<void>;
  /** Writes an export as the command does; answers its path. */
  export(): Promise<string>;
  /** Verifies an export with the log's key; with the kept checkpoints unless told otherwise. */
  verify(path: string, checkpoints?: readonly string[]): Promise<Verification>;
  close(): Promise<void>;
}

/** `from`: another log's archive, whose key signs and whose checkpoints are kept. */
export async function createTestArchive(): Promise<TestArchive> {
  const api = await createTestApi();
  const url = await api.api.listen({ host: '127.0.0.1', port: 0 });
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-audit-'));
  const checkpoints = join(directory, 'checkpoints.ndjson');
  const remembered = { value: (): Checkpoint | null => null };
  const log = await createTestLog(api.db.pool, () => remembered.value());
  const file = await openCheckpointFile(checkpoints, log.signer.name);
  const files = createFileExport(api.db.pool, file);
  remembered.value = files.newest;
  let exports = 0;
  return {
    api,
    log,
    directory,
    checkpoints,
    async settle() {
      await log.settle();
      while (await files.step());
    },
    async export() {
      exports += 1;
      const path = join(directory, `export-${exports}.ndjson`);
      const lines: string[] = [];
      for await (const line of exportNdjson({ url, token: api.admin })) lines.push(line);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return path;
    },
    verify: (path, kept = [checkpoints]) => verifyExport({ path, keys: () => [log.signer], checkpoints: kept }),
    async close() {
      await file.close();
      await api.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

/** A changed copy; answers its path. */
export function rewritten(path: string, change: (lines: string[]) => readonly string[]): string {
  const copy = `${path}.changed`;
  writeFileSync(copy, `${change(linesOf(path)).join('\n')}\n`);
  return copy;
}
