import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createFileExport } from './checkpoint-export.ts';
import { type CheckpointFile, openCheckpointFile } from './checkpoint-file.ts';
import { smallDisk } from './disk-testing.ts';
import { createTestLog, sayMany, type TestLog } from './testing.ts';
import { readWitness } from './witness.ts';

let db: TestDatabase;
let log: TestLog;
let directory: string;
let open: CheckpointFile[];
beforeEach(async () => {
  db = await createTestDatabase();
  log = await createTestLog(db.pool);
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-file-'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((file) => file.close()));
  await db.close();
  rmSync(directory, { recursive: true });
});

async function exporter(path: string) {
  const file = await openCheckpointFile(path, log.signer.name);
  open.push(file);
  const files = createFileExport(db.pool, file);
  return { last: file.last, step: files.step };
}

async function write(entries: number): Promise<void> {
  await sayMany(db.pool, entries);
  await log.settle();
}

/** Entries that the file proves, and lines that it has in vain. */
async function proven(path: string): Promise<readonly [number, number]> {
  const { leaves, unused } = await readWitness([path], log.signer.name, [log.signer]);
  return [leaves.length / 32, unused];
}

test('a line that finds no room leaves nothing behind, and is written when there is room', async ({ skip }) => {
  const disk = smallDisk(directory, '64k');
  if (disk === null) return skip('needs a file system of its own: mounting one takes root');
  try {
    const path = join(disk.path, 'checkpoints.ndjson');
    const { step } = await exporter(path);
    await write(3);
    await step();
    const before = readFileSync(path, 'utf8');
    // A line of 256 entries, for which there is room by half.
    await write(256);
    disk.fill(4_096);
    for (let times = 0; times < 3; times += 1) {
      await expect(step()).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readFileSync(path, 'utf8')).toBe(before);
    }
    disk.free();
    await step();
    expect(await proven(path)).toEqual([259, 0]);
  } finally {
    await Promise.all(open.splice(0).map((file) => file.close()));
    disk.remove();
  }
});

test.each([10, 200, 1])(
  'a crash %i bytes before the end of a line costs that line alone, and the next start writes it again',
  async (cut) => {
    const path = join(directory, 'checkpoints.ndjson');
    const { step } = await exporter(path);
    await write(2);
    await step();
    await write(2);
    await step();
    truncateSync(path, readFileSync(path).length - cut);
    const again = await exporter(path);
    // A line that lacks its end alone is whole: it is evidence.
    expect(again.last?.size).toBe(cut === 1 ? 4 : 2);
    await write(1);
    await again.step();
    expect(await proven(path)).toEqual([5, 0]);
  },
);

test('what is no line of ours stays, and what follows is on a line of its own', async () => {
  const path = join(directory, 'checkpoints.ndjson');
  appendFileSync(path, 'x'.repeat(100_000));
  await write(1);
  await (await exporter(path)).step();
  expect(await proven(path)).toEqual([1, 1]);
});
