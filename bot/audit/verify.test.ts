import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoteKey } from './note.ts';
import { createTestLog, say, sayMany } from './testing.ts';
import { verifyExport } from './verify.ts';
import { createTestArchive, linesOf, rewritten, type TestArchive } from './verify-testing.ts';

/** The token of the API, and 60 entries after it; a checkpoint at least after 21, 41 and 61. */
const size = 60;
let archive: TestArchive;
let whole: string;
beforeAll(async () => {
  archive = await createTestArchive();
  for (let part = 0; part < 3; part += 1) {
    await sayMany(archive.api.db.pool, 19);
    await say(archive.api.db.pool, { words: { reason: `zażółć ${'\u2028'} \u0007 "quoted" 𝄞`, steps: ['one', 'two'], confidence: 0.5 } });
    await archive.settle();
  }
  whole = await archive.export();
});
afterAll(() => archive.close());

const isEntry = (line: string) => line.startsWith('{"seq":');
const isCheckpoint = (line: string) => line.startsWith('{"size":');
const entryAt = (lines: readonly string[], seq: number) => lines.findIndex((line) => line.startsWith(`{"seq":${seq},`));

test('an export is verified by its key alone, and by the kept checkpoints', async () => {
  expect(linesOf(whole).filter(isEntry)).toHaveLength(size + 1);
  expect(await archive.verify(whole)).toMatchObject({
    ok: true,
    origin: archive.log.signer.name,
    entries: size + 1,
    otherCheckpoints: 0,
    unusedLines: 0,
    problem: null,
  });
  const alone = await archive.verify(whole, []);
  expect(alone).toMatchObject({ ok: true, keptCheckpoints: 0 });
  expect(alone.checkpoints).toBeGreaterThanOrEqual(3);
  expect(alone.words).toBeGreaterThan(size);
});

test('an export is plain ASCII, and survives programs that write JSON in another way', async () => {
  expect(linesOf(whole).every((line) => /^[\x20-\x7e]*$/.test(line))).toBe(true);
  const reordered = rewritten(whole, (lines) =>
    lines.map((line) => {
      if (!isEntry(line)) return line;
      const { seq, ...rest } = JSON.parse(line);
      return JSON.stringify({ seq, ...rest, body: Object.fromEntries(Object.entries(rest.body).toReversed()) });
    }),
  );
  expect(await archive.verify(reordered)).toMatchObject({ ok: true, entries: size + 1 });
});

describe('one bad entry is named, wherever it is:', () => {
  const seqs = fc.integer({ min: 1, max: size });
  const named = async (change: (lines: string[], seq: number) => readonly string[], code: string, place = (seq: number) => seq) =>
    fc.assert(
      fc.asyncProperty(seqs, async (seq) => {
        const found = await archive.verify(rewritten(whole, (lines) => change(lines, seq)));
        expect(found).toMatchObject({ ok: false, problem: { seq: place(seq), until: place(seq), code } });
        expect(found.problem?.words).toContain(`The first bad entry is ${place(seq)}: `);
      }),
      { numRuns: 6 },
    );

  test('changed', () =>
    named((lines, seq) => lines.with(entryAt(lines, seq), (lines[entryAt(lines, seq)] ?? '').replace('"alice"', '"mallory"')), 'changed'));
  test('left out', () => named((lines, seq) => lines.toSpliced(entryAt(lines, seq), 1), 'missing'));
  test('without its content', () =>
    named(
      (lines, seq) => lines.with(entryAt(lines, seq), (lines[entryAt(lines, seq)] ?? '').replace(/"body":.*/, '"body":null}')),
      'missing',
    ));
  test('with other words', () =>
    named(
      (lines, seq) => lines.with(entryAt(lines, seq), (lines[entryAt(lines, seq)] ?? '').replace(/"value":("|\[)/, '"value":$1x')),
      'words_changed',
    ));
  test('swapped with the next', () =>
    named((lines, seq) => {
      const [a, b] = [entryAt(lines, seq), entryAt(lines, seq + 1)];
      return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
    }, 'missing'));
  test('cut off, with all that follows', () =>
    named((lines, seq) => lines.filter((line) => !(isEntry(line) && Number(/\d+/.exec(line)) >= seq)), 'missing'));
});

describe('nothing is proven', () => {
  const without = (change: (lines: string[]) => readonly string[]) => archive.verify(rewritten(whole, change), []);

  test('by a file that was cut within a line, wherever', async () => {
    const bytes = readFileSync(whole);
    for (const seq of [1, 30, 60]) {
      const start = bytes.indexOf(`{"seq":${seq},`);
      const path = join(archive.directory, 'cut.ndjson');
      writeFileSync(path, bytes.subarray(0, start + 200));
      const found = await archive.verify(path, []);
      expect(found).toMatchObject({ ok: false, problem: { seq, until: seq, code: 'not_a_log' } });
      expect(found.problem?.words).toMatch(new RegExp(`^The first bad entry is ${seq}: .* cut off\\.$`));
    }
  });

  test('by a file that was cut', async () => {
    expect(await without((lines) => lines.slice(0, entryAt(lines, 50)))).toMatchObject({
      ok: false,
      problem: { seq: 50, code: 'cut_off' },
    });
  });

  test('by checkpoints of another key, whoever signed them', async () => {
    const other = await createTestArchive();
    const keys = () => [{ ...other.log.signer, name: archive.log.signer.name }];
    const found = await verifyExport({ path: whole, keys, checkpoints: [archive.checkpoints] });
    await other.close();
    expect(found).toMatchObject({ ok: false, checkpoints: 0, problem: { seq: 1, until: size + 1, code: 'not_signed' } });
    expect(found.otherCheckpoints).toBeGreaterThanOrEqual(3);
    expect(found.unusedLines).toBeGreaterThanOrEqual(3);
  });

  test('without checkpoints, or about entries behind the last one', async () => {
    expect(await without((lines) => lines.filter((line) => !isCheckpoint(line)))).toMatchObject({
      problem: { seq: 1, until: size + 1, code: 'not_signed' },
    });
    const last = linesOf(whole).findLast(isCheckpoint);
    const found = await without((lines) => lines.filter((line) => line !== last));
    expect(found).toMatchObject({ ok: false, problem: { until: size + 1, code: 'not_signed' } });
    expect(found.problem?.seq).toBeGreaterThan(20);
  });

  test('by a note that does not fit its signature', async () => {
    const found = await without((lines) =>
      lines.map((line) => {
        if (!isCheckpoint(line)) return line;
        const read = JSON.parse(line);
        return JSON.stringify({ ...read, note: read.note.replace(/\n[^\n]{43}=\n/, `\n${'A'.repeat(43)}=\n`) });
      }),
    );
    expect(found).toMatchObject({
      ok: false,
      problem: { seq: 1, code: 'not_signed', words: expect.stringContaining('does not fit its signature') },
    });
  });

  test('by what is damaged', async () => {
    const unreadable = { ok: false, problem: { seq: 9, until: 9, code: 'not_a_log' } };
    expect(await without((lines) => lines.with(entryAt(lines, 9), '{"seq":9,"leaf'))).toMatchObject(unreadable);
    expect(await without((lines) => lines.with(entryAt(lines, 9), 'hello'))).toMatchObject(unreadable);
  });

  test('by an empty log', async () => {
    const found = await without((lines) => [(lines[0] ?? '').replace(/"size":\d+/, '"size":0')]);
    expect(found).toMatchObject({ ok: false, entries: 0, problem: { code: 'not_signed' } });
  });
});

test('after a change of keys the new one proves the whole log, the old one what it has signed', async () => {
  const other = await createTestArchive();
  const { pool } = other.api.db;
  await sayMany(pool, 3);
  await other.settle();
  const { size: signed } = JSON.parse(linesOf(other.checkpoints).at(-1) ?? '{}');
  const next = await createTestLog(pool);
  await sayMany(pool, 4);
  await next.settle();
  const path = await other.export();
  const verify = (...keys: NoteKey[]) => verifyExport({ path, keys: () => keys, checkpoints: [other.checkpoints] });
  expect(await verify(other.log.signer, next.signer)).toMatchObject({ ok: true, otherCheckpoints: 0 });
  const fresh = await verify(next.signer);
  expect(fresh).toMatchObject({ ok: true, keptCheckpoints: 0 });
  expect(fresh.otherCheckpoints).toBeGreaterThan(0);
  expect(await verify(other.log.signer)).toMatchObject({
    ok: false,
    problem: { seq: signed + 1, until: fresh.entries, code: 'not_signed' },
  });
  await other.close();
});

describe('is refused as not verifiable:', () => {
  const keys = () => [];
  test('another file, no file, and checkpoints that cannot be read', async () => {
    const path = join(archive.directory, 'other.txt');
    writeFileSync(path, 'hello\n');
    for (const wrong of [path, '/nowhere', archive.directory])
      await expect(verifyExport({ path: wrong, keys, checkpoints: [] })).rejects.toMatchObject({ code: 'not_verifiable' });
    await expect(verifyExport({ path: whole, keys, checkpoints: ['/nowhere'] })).rejects.toMatchObject({ code: 'not_verifiable' });
  });
});
