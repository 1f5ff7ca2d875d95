import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryLine } from './export-lines.ts';
import { grow, leafHash, rootOf, type Subtree } from './tree.ts';
import { openParts, partBytes } from './verify-part.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-parts-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Entries of these lengths; answers the file and the root over them. */
function written(lengths: readonly number[]): { path: string; root: string } {
  const row: Subtree[] = [];
  const lines = lengths.map((length, index) => {
    const seq = index + 1;
    const body = Buffer.from(`{"data":{"padding":"${'x'.repeat(length)}"},"seq":${seq}}`);
    grow(row, { level: 0, hash: leafHash(body) }, seq);
    return entryLine({ seq, entry: seq, leaf: leafHash(body), body, words: null });
  });
  const path = join(directory, 'export.ndjson');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return { path, root: rootOf(row) };
}

test.each([
  ['short', Array.from({ length: 20_000 }, (_, index) => (index * 37) % 900)],
  ['long', Array.from({ length: 150 }, (_, index) => (index * 7_919) % 200_000)],
  ['longer than a part', [10, partBytes * 2 + 5, 10, partBytes, 10]],
])('every line is read once and whole, wherever a part ends: %s', (_, lengths) => {
  const { path, root } = written(lengths);
  const parts = openParts({ path, keys: [], origin: 'test', sizes: [], leaves: new SharedArrayBuffer(0) });
  const row: Subtree[] = [];
  let end = 0;
  for (let part = 0; part < Math.ceil(statSync(path).size / partBytes); part += 1) {
    const { first, segments, problem } = parts.read(part);
    expect([problem, first ?? end + 1]).toEqual([null, end + 1]);
    for (const { subtrees } of segments)
      for (const subtree of subtrees) {
        end += 2 ** subtree.level;
        grow(row, subtree, end);
      }
  }
  parts.close();
  expect([end, rootOf(row)]).toEqual([lengths.length, root]);
});
