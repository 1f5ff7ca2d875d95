import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createRegistry } from '../../tools/registry.ts';
import { loadShipped, readTexts, shippedDirectory } from '../../workflows/playbooks/load.ts';
import { createTestDatabase, silent, type TestDatabase, testRedactor } from '../store/testing.ts';
import { createLibrary, type Library, type LibraryOptions } from './library.ts';

const operations = createRegistry();
const shipped = loadShipped(operations);
let db: TestDatabase;
let directory: string;
const open: Library[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-playbooks-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((library) => library.stop()));
  rmSync(directory, { recursive: true });
});

const ask = (name: string, says = 's') =>
  `name: ${name}\nsummary: s\nwhen: { causes: [crash_loop], confidence: 0.5 }\nconclude: { says: ${says} }\n`;
const write = (name: string, text: string) => writeFileSync(join(directory, `${name}.yaml`), text);
async function library(over: Partial<LibraryOptions> = {}): Promise<Library> {
  const options = {
    operations,
    shipped,
    shippedTexts: readTexts(shippedDirectory),
    directory,
    disabled: [],
    redact: testRedactor,
    log: silent,
  };
  const made = await createLibrary({ ...options, store: db.store().playbooks, ...over });
  open.push(made);
  return made;
}
const entry = ({ current }: Library, name: string) => current().playbooks.find(({ playbook }) => playbook.name === name);
const changes = async () => (await db.store().audit.list({ kind: 'playbooks.changed' }, 0, 100)).length;

test('a change in the directory is taken over, written down with its hash and audited once, whatever the replicas', async () => {
  write('mine', ask('mine'));
  const first = await library();
  const before = await changes();
  const second = await library();
  expect(second.current().hash).toBe(first.current().hash);
  expect(await changes()).toBe(before);

  write('mine', ask('mine', 'other'));
  await Promise.all([first.look(), second.look()]);
  expect(second.current().hash).toBe(first.current().hash);
  expect(await changes()).toBe(before + 1);
  const latest = await db.store().playbooks.latest();
  expect(latest).toMatchObject({ hash: first.current().hash, problems: [] });
  const sha256 = latest?.members.find(({ name }) => name === 'mine')?.sha256 ?? '';
  expect(await db.store().playbooks.text(sha256)).toBe(ask('mine', 'other'));
});

test('a broken file keeps its last good version, also over a start, and the error is shown with its place', async () => {
  write('kept', ask('kept'));
  const running = await library();
  const good = entry(running, 'kept')?.sha256;
  write('kept', 'name: kept\nwhen: {}\n');
  await running.look();
  const started = await library();
  for (const one of [running, started]) {
    expect(entry(one, 'kept')?.sha256).toBe(good);
    expect(one.problems()[0]).toMatchObject({ file: 'kept.yaml', line: 1, kept: true });
  }
  expect((await db.store().playbooks.latest())?.problems[0]).toMatchObject({ file: 'kept.yaml', kept: true });
});

test('a file that was never good is not used, one that is gone is not either, and a secret is kept nowhere', async () => {
  write('gone', ask('gone'));
  write('leak', ask('leak', 'hunter2'));
  const running = await library();
  expect(entry(running, 'leak')).toBeUndefined();
  expect(running.problems()).toMatchObject([{ file: 'leak.yaml', message: 'holds what looks like a secret', kept: false }]);
  rmSync(join(directory, 'gone.yaml'));
  await running.look();
  expect(entry(running, 'gone')).toBeUndefined();
  const kept = await db.force("SELECT FROM playbook_files WHERE content LIKE '%hunter2%'");
  expect(kept.rowCount).toBe(0);
});

test("an operator's own replaces the one of its name, and what is switched off is not used", async () => {
  write('job-failed', ask('job-failed'));
  const running = await library({ disabled: ['raise-memory-limit'] });
  expect(entry(running, 'job-failed')?.origin).toBe('own');
  expect(entry(running, 'raise-memory-limit')).toBeUndefined();
});

test('the directory is watched', async () => {
  const running = await library({ pollMs: 50 });
  write('late', ask('late'));
  await vi.waitFor(() => expect(entry(running, 'late')).toBeDefined(), { timeout: 10_000 });
});
