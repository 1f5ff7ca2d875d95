import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { asciiJson } from './ascii.ts';
import { parseCheckpoint } from './checkpoint.ts';

/** A checkpoint as it is exported: one line of JSON. */
export const CheckpointLine = z.object({
  size: z.int().positive(),
  at: z.iso.datetime(),
  /** Signed note. */
  note: z.string(),
  /** Leaf hashes of the entries since the line before, 32 bytes each, in base64: with them the first bad entry can be named. */
  leaves: z.base64().optional(),
});
export type CheckpointLine = z.infer<typeof CheckpointLine>;

export function checkpointLine(checkpoint: CheckpointLine): string {
  return asciiJson(JSON.stringify(checkpoint));
}

export class CheckpointFileUnusable extends Error {
  readonly code = 'checkpoint_file_unusable';
  constructor(path: string, cause: unknown) {
    super(`checkpoints cannot be appended to ${path}: ${cause instanceof Error ? cause.message : 'unknown'} (audit.checkpoints.file)`, {
      cause,
    });
    this.name = 'CheckpointFileUnusable';
  }
}

export interface CheckpointFile {
  /** The last line of that log when the file was opened; null: there is none. */
  readonly last: CheckpointLine | null;
  /** On disk when it resolves; none of them when it rejects. One call at a time. */
  append(lines: readonly CheckpointLine[]): Promise<void>;
  close(): Promise<void>;
}

/** More than the longest line, which holds 256 leaf hashes. */
const tailBytes = 64 * 1024;

/** Null for a line that is none, or of another log. */
function lineOf(text: string, origin: string): CheckpointLine | null {
  try {
    const line = CheckpointLine.parse(JSON.parse(text));
    return parseCheckpoint(line.note)?.origin === origin ? line : null;
  } catch {
    return null;
  }
}

async function tailOf(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, tailBytes));
  await file.read(tail, 0, tail.length, size - tail.length);
  return tail.toString('utf8');
}

/** What a crash in the middle of a line has left is taken away: it proves nothing, and spoils the line after it. A whole line stays. */
async function mend(file: FileHandle, tail: string, origin: string): Promise<void> {
  const rest = tail.slice(tail.lastIndexOf('\n') + 1);
  if (rest === '') return;
  const cut = rest.length < tail.length && lineOf(rest, origin) === null;
  if (cut) await file.truncate((await file.stat()).size - Buffer.byteLength(rest));
  else await file.appendFile('\n');
}

/** All of a text or none of it. Throws what the file system throws, a full one before all. */
function createAppend(file: FileHandle): (text: string) => Promise<void> {
  /** Where the file has to end, as long as it may end in half a line. */
  let spoiledFrom: number | null = null;

  async function cutBack(): Promise<void> {
    if (spoiledFrom !== null && (await file.stat()).size > spoiledFrom) await file.truncate(spoiledFrom);
    spoiledFrom = null;
  }

  return async (text) => {
    await cutBack();
    spoiledFrom = (await file.stat()).size;
    try {
      await file.appendFile(text);
      await file.sync();
      spoiledFrom = null;
    } catch (error) {
      // What cannot be cut back now is before anything else is written.
      await cutBack().catch(() => {});
      throw error;
    }
  };
}

/** Made where it is missing. Throws CheckpointFileUnusable. */
export async function openCheckpointFile(path: string, origin: string): Promise<CheckpointFile> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a+', 0o600);
    const tail = await tailOf(file);
    await mend(file, tail, origin);
    const append = createAppend(file);
    return {
      last: tail.split('\n').reduceRight<CheckpointLine | null>((found, text) => found ?? lineOf(text, origin), null),
      async append(lines) {
        if (lines.length > 0) await append(lines.map((line) => `${checkpointLine(line)}\n`).join(''));
      },
      close: () => file.close(),
    };
  } catch (error) {
    throw new CheckpointFileUnusable(path, error);
  }
}
