import { closeSync, openSync, readSync } from 'node:fs';
import { parseVerifier } from './note.ts';
import { type ChunkResult, readChunk } from './verify-chunk.ts';

/** Bytes per part of an export; a line belongs to the part in which it begins. */
export const partBytes = 4 * 1024 * 1024;

/** What a thread is told. */
export interface PartsInput {
  readonly path: string;
  /** As verifier keys. */
  readonly keys: readonly string[];
  readonly origin: string;
  readonly sizes: readonly number[];
  /** As in `ChunkContext`; shared by all threads. */
  readonly leaves: SharedArrayBuffer;
}

export interface Parts {
  /** What is in a part, from 0. */
  read(part: number): ChunkResult;
  close(): void;
}

const lineFeed = 10;
const pieceBytes = 64 * 1024;

/** Reads parts of a file one after the other into one buffer. */
export function openParts({ path, keys, origin, sizes, leaves }: PartsInput): Parts {
  const context = { keys: keys.flatMap((text) => parseVerifier(text) ?? []), origin, sizes: new Set(sizes), leaves: Buffer.from(leaves) };
  const file = openSync(path, 'r');
  // With room for the rest of the last line.
  const buffer = Buffer.alloc(partBytes + pieceBytes);
  const read = (into: Buffer, position: number) => into.subarray(0, readSync(file, into, 0, into.length, position));

  /** From `position` up to and with the next line feed. */
  function restOfLine(position: number): Buffer {
    const pieces: Buffer[] = [];
    for (let at = position; ; at += pieceBytes) {
      const piece = read(Buffer.alloc(pieceBytes), at);
      const end = piece.indexOf(lineFeed);
      pieces.push(end === -1 ? piece : piece.subarray(0, end + 1));
      if (end !== -1 || piece.length < pieceBytes) return Buffer.concat(pieces);
    }
  }

  function linesOf(part: number): Buffer {
    const start = part * partBytes;
    const bytes = read(buffer.subarray(0, partBytes), start);
    const continued = part > 0 && read(Buffer.alloc(1), start - 1)[0] !== lineFeed;
    const before = continued ? bytes.indexOf(lineFeed) : -1;
    if (continued && before === -1) return Buffer.alloc(0);
    const lines = bytes.subarray(before + 1);
    if (lines.at(-1) === lineFeed || lines.length === 0) return lines;
    const rest = read(buffer.subarray(bytes.length), start + bytes.length);
    const end = rest.indexOf(lineFeed);
    const more = buffer.subarray(before + 1, bytes.length + (end === -1 ? rest.length : end + 1));
    const long = end === -1 && rest.length === buffer.length - bytes.length;
    return long ? Buffer.concat([more, restOfLine(start + bytes.length + rest.length)]) : more;
  }

  return { read: (part) => readChunk(context, linesOf(part)), close: () => closeSync(file) };
}
