import type { Readable } from 'node:stream';
import type { Kept } from './bounded.ts';

/** How a long list is read: one item after the other, so that memory holds what is kept of them and not what was printed. */
export interface ListOutput {
  /** Bytes up to which the output stays as it was printed. */
  readonly whole: number;
  /** What is kept of an item of a longer output. */
  readonly reduce: (item: unknown) => unknown;
}

/** Bytes of one item; the API server takes none as large. */
const largestItem = 8 * 1024 * 1024;

const code = { quote: 0x22, backslash: 0x5c, open: 0x7b, close: 0x7d, openList: 0x5b, closeList: 0x5d } as const;
const itemsKey = Buffer.from('items');

interface Splitter {
  write(chunk: Buffer): void;
  /** The document ended where it should. */
  whole(): boolean;
}

/** Finds the objects in the list `items` of a JSON document, however it is laid out and cut into chunks. */
function createSplitter(onItem: (text: Buffer) => void, tooLarge: () => void): Splitter {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inItems = false;
  let ended = false;
  /** The last string of the outermost object: before a bracket it is the key. */
  let word: number[] = [];
  let pieces: Buffer[] | null = null;
  const text = (byte: number): void => {
    if (escaped) escaped = false;
    else if (byte === code.backslash) escaped = true;
    else if (byte === code.quote) inString = false;
    else if (depth === 1 && word.length <= itemsKey.length) word.push(byte);
  };
  return {
    whole: () => ended && depth === 0,
    write(chunk) {
      let start = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] ?? 0;
        if (inString) {
          text(byte);
        } else if (byte === code.quote) {
          inString = true;
          if (depth === 1) word = [];
        } else if (byte === code.open || byte === code.openList) {
          if (depth === 1 && byte === code.openList && itemsKey.equals(Buffer.from(word))) inItems = true;
          if (inItems && depth === 2 && pieces === null) {
            pieces = [];
            start = at;
          }
          depth += 1;
        } else if (byte === code.close || byte === code.closeList) {
          depth -= 1;
          if (depth === 0) ended = true;
          if (inItems && depth === 1) inItems = false;
          if (pieces !== null && depth === 2) {
            onItem(Buffer.concat([...pieces, chunk.subarray(start, at + 1)]));
            pieces = null;
          }
        }
      }
      if (pieces === null) return;
      pieces.push(chunk.subarray(start));
      if (pieces.reduce((sum, piece) => sum + piece.length, 0) <= largestItem) return;
      pieces = [];
      tooLarge();
    },
  };
}

/**
 * Keeps the output as it is while it is at most `list.whole` bytes, and what `list.reduce` leaves of each item where it is more: at most `limit`
 * bytes either way. A list that did not end, or did not fit, is no JSON: nobody takes it for the whole.
 */
export function keepItems(stream: Readable, limit: number, { whole, reduce }: ListOutput): Kept {
  const raw = { chunks: [] as Buffer[], bytes: 0, dropped: false };
  const items: string[] = [];
  let kept = 0;
  let broken = false;
  let truncated = false;
  const add = (text: Buffer): void => {
    if (truncated || broken) return;
    try {
      const item = JSON.stringify(reduce(JSON.parse(text.toString('utf8'))));
      kept += Buffer.byteLength(item) + 2;
      if (kept > limit) truncated = true;
      else items.push(item);
    } catch {
      broken = true;
    }
  };
  const splitter = createSplitter(add, () => {
    truncated = true;
  });
  stream.on('data', (chunk: Buffer) => {
    splitter.write(chunk);
    // What has no items is no list: of it the head is kept.
    const room = (items.length > 0 ? whole : limit) - raw.bytes;
    raw.bytes += chunk.length;
    if (!raw.dropped && chunk.length > room) {
      raw.dropped = true;
      if (items.length > 0) raw.chunks = [];
      else raw.chunks.push(chunk.subarray(0, Math.max(0, room)));
    } else if (!raw.dropped) raw.chunks.push(chunk);
  });
  const listed = () => raw.dropped && items.length > 0;
  return {
    truncated: () => truncated || (raw.dropped && items.length === 0),
    text() {
      if (!listed()) return Buffer.concat(raw.chunks).toString('utf8');
      const end = splitter.whole() && !broken && !truncated ? '\n]}\n' : '';
      return `{"kind":"List","items":[\n${items.join(',\n')}${end}`;
    },
  };
}
