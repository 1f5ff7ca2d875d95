import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { verifierText } from '../audit/note.ts';
import { createTestLog, say, sayMany, type TestLog } from '../audit/testing.ts';
import { seed } from '../store/fixtures.ts';
import { runCli } from './program.ts';

let t: TestApi;
let log: TestLog;
let url: string;
let directory: string;
let incidentId: string;
beforeAll(async () => {
  t = await createTestApi();
  url = await t.api.listen({ host: '127.0.0.1', port: 0 });
  log = await createTestLog(t.db.pool);
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-cli-audit-'));
  incidentId = (await seed(t.store)).incident.id;
  await say(t.db.pool, { incidentId, words: { reason: 'said by alice = |\\\n<b>' } });
  await sayMany(t.db.pool, 250);
  await log.settle();
});
afterAll(async () => {
  await t.close();
  rmSync(directory, { recursive: true });
});

async function run(argv: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const status = await runCli(argv, { line: (text) => out.push(text), note: (text) => notes.push(text) }, variables);
  return { status, out, notes: notes.join('\n') };
}
const cli = (...argv: string[]) => run(argv, { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin });
const at = (name: string) => join(directory, name);

describe('tail', () => {
  test('shows the last entries, oldest first', async () => {
    const ids = (await cli('audit', 'tail', '-n', '3', '--json')).out.map((line) => JSON.parse(line).body.id);
    const all = [];
    for await (const { body } of t.store.audit.stream({})) all.push(body.id);
    expect(ids).toEqual(all.slice(-3));
    expect((await cli('audit', 'tail', '--kind', 'plan.*', '-n', '2')).out).toEqual([
      expect.stringMatching(/^ +\d+ {2}\S+ {2}plan.proposed/),
    ]);
    await say(t.db.pool, { kind: 'test.waiting' });
    expect((await cli('audit', 'tail', '-n', '1')).out).toEqual([expect.stringMatching(/^ +- {2}\S+ {2}test.waiting/)]);
  });
});

describe('export and verify', () => {
  const verify = (...argv: string[]) => run(['audit', 'verify', ...argv]);
  const pem = () => createPublicKey(log.signer.privateKey).export({ type: 'spki', format: 'pem' }).toString();

  test('to standard output and to a file are the same; neither needs more than a key to be verified', async () => {
    await log.settle();
    const { out } = await cli('audit', 'export');
    const written = await cli('audit', 'export', '-o', at('log.ndjson'));
    expect(written).toMatchObject({ status: 0, out: [], notes: `${out.length} lines were written to ${at('log.ndjson')}.` });
    expect(readFileSync(at('log.ndjson'), 'utf8').trimEnd().split('\n').slice(1)).toEqual(out.slice(1));
    expect(statSync(at('log.ndjson')).mode & 0o777).toBe(0o600);
    const found = await verify(at('log.ndjson'), '--key', verifierText(log.signer));
    expect(found).toMatchObject({ status: 0, notes: '' });
    expect(found.out[0]).toMatch(/is as it was signed: \d+ entries\./);
  });

  test.each([
    ['PEM', () => pem()],
    ['a file of several PEM blocks', () => `${generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })}${pem()}`],
    ['a JWK', () => JSON.stringify(createPublicKey(log.signer.privateKey).export({ format: 'jwk' }))],
    ['a file of verifier keys', () => `${verifierText(log.signer)}\n`],
  ])('the key may be %s', async (_, key) => {
    writeFileSync(at('key'), key());
    expect(await verify(at('log.ndjson'), '--key', at('key'))).toMatchObject({ status: 0 });
    if (!key().includes('\n\n')) expect((await verify(at('log.ndjson'), '--key', key())).status).toBe(0);
  });

  test('says which entry is bad, with exit status 1', async () => {
    const text = readFileSync(at('log.ndjson'), 'utf8');
    writeFileSync(at('bad.ndjson'), text.replace(/("seq":17,.*)"index":\d+/, '$1"index":99999'));
    const found = await verify(at('bad.ndjson'), '--key', pem());
    expect(found).toMatchObject({ status: 1 });
    expect(found.out[1]).toBe('The first bad entry is 17: its content does not give its leaf hash.');
    const json = await verify(at('bad.ndjson'), '--key', pem(), '--json');
    expect(JSON.parse(json.out[0] ?? '')).toMatchObject({ ok: false, problem: { seq: 17, until: 17, code: 'changed' } });
  });

  test('what cannot be verified is exit status 2', async () => {
    writeFileSync(at('other'), 'hello');
    for (const argv of [
      [at('log.ndjson')],
      [at('log.ndjson'), '--key', 'hello'],
      [at('log.ndjson'), '--key', at('other')],
      [at('other'), '--key', pem()],
      [at('nowhere'), '--key', pem()],
      [at('log.ndjson'), '--key', pem(), '--checkpoints', at('nowhere')],
    ]) {
      const { status, out, notes } = await verify(...argv);
      expect([argv, status, out]).toEqual([argv, 2, []]);
      expect(notes).toMatch(/\w/);
    }
  });

  test('an answer that breaks off leaves no file that passes for a whole one', async () => {
    expect(await cli('audit', 'export', '-o', at('nowhere/log.ndjson'))).toMatchObject({
      ...{ status: 1, notes: expect.stringMatching(/^watchkeeper: ENOENT: no such file or directory, open '\S+nowhere\/log.ndjson'$/) },
    });
    const refused = await run(['audit', 'export', '-o', at('refused.ndjson')], { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: 'wk_made-up' });
    expect(refused).toMatchObject({ status: 4, notes: expect.stringContaining('not valid') });
    expect(existsSync(at('refused.ndjson')) ? readFileSync(at('refused.ndjson'), 'utf8') : '').toBe('');
  });
});

describe('for other systems', () => {
  test('OpenTelemetry logs, under OCSF names', async () => {
    const { out } = await cli('audit', 'export', '--format', 'otlp');
    const records = out.map((line) => JSON.parse(line).resourceLogs[0].scopeLogs[0].logRecords[0]);
    const vote = records.find(({ attributes }) => JSON.stringify(attributes).includes('said by alice'));
    expect(vote).toMatchObject({
      severityText: 'Informational',
      eventName: 'vote.recorded',
      timeUnixNano: expect.stringMatching(/^\d{19}$/),
    });
    const attributes = Object.fromEntries(
      vote.attributes.map(({ key, value }: { key: string; value: object }) => [key, Object.values(value)[0]]),
    );
    expect(attributes).toMatchObject({
      class_uid: '3004',
      'metadata.event_code': 'vote.recorded',
      'metadata.correlation_uid': incidentId,
      'actor.user.uid': 'alice',
      comment: 'said by alice = |\\\n<b>',
      'unmapped.verdict': 'approve',
    });
    expect(Number(attributes['metadata.sequence'])).toBeGreaterThan(1);
  });

  test('Common Event Format, escaped', async () => {
    const { out } = await cli('audit', 'export', '--format', 'cef');
    const vote = out.find((line) => line.includes('said by alice'));
    expect(vote).toMatch(/^CEF:0\|Watchkeeper\|Watchkeeper\|[\d.]+\|vote.recorded\|vote recorded\|1\|rt=\d{13} /);
    expect(vote).toContain(' reason=said by alice \\= |\\\\\\n<b> cn1=');
    expect(vote).toContain(` cs1=${incidentId} cs1Label=metadata.correlation_uid `);
  });

  test('go on after a place', async () => {
    const all = (await cli('audit', 'export', '--format', 'cef')).out;
    expect((await cli('audit', 'export', '--format', 'cef', '--after', '100')).out).toEqual(all.slice(100));
    expect(await cli('audit', 'export', '--after', '100')).toMatchObject({
      status: 2,
      notes: expect.stringContaining('ndjson is the whole log'),
    });
  });
});

describe('erase', () => {
  const owner = (...argv: string[]) => run(['audit', 'erase', ...argv], { DATABASE_MIGRATION_URL: t.db.migrationUrl });
  const words = async () => {
    const found: unknown[] = [];
    for await (const { disclosures } of t.store.audit.stream({ incidentId }))
      found.push(...Object.values(disclosures).map(({ value }) => value));
    return found;
  };

  test('takes the words of an incident, says so in the log, and the log is as it was signed', async () => {
    expect(await words()).toContain('said by alice = |\\\n<b>');
    const before = (await cli('audit', 'export')).out.filter((line) => line.startsWith('{"size"'));
    const erased = await owner('--incident', incidentId, '--reason', 'asked for', '--json');
    expect(erased.status).toBe(0);
    const { entries, words: count } = JSON.parse(erased.out[0] ?? '');
    expect(count).toBeGreaterThan(entries);
    expect(await words()).toEqual(['asked for']);
    const rows = await t.db.force(`SELECT FROM audit_disclosures WHERE words LIKE '%said by alice%'`);
    expect(rows.rowCount).toBe(0);
    const [entry] = await t.store.audit.list({ kind: 'audit.erased' }, 0, 2);
    expect(entry).toMatchObject({
      body: { actor: { kind: 'system', id: 'command line' }, incidentId, data: { before: null, entries, words: count } },
      disclosures: { reason: { value: 'asked for' } },
    });
    await log.settle();
    await cli('audit', 'export', '-o', at('erased.ndjson'));
    expect(await run(['audit', 'verify', at('erased.ndjson'), '--key', verifierText(log.signer)])).toMatchObject({ status: 0 });
    const after = readFileSync(at('erased.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"size"'));
    expect(after.slice(0, before.length)).toEqual(before);
  });

  test('takes words older than a time', async () => {
    expect(await owner('--before', '1d')).toMatchObject({ status: 0, out: ['There was nothing to erase.'] });
    expect((await owner('--before', new Date(Date.now() + 60_000).toISOString())).out).toEqual([
      expect.stringMatching(/^\d+ words of \d+ entries are erased/),
    ]);
    expect(await words()).toEqual([]);
  });

  test('is for the owner alone, and wants one scope', async () => {
    const program = await run(['audit', 'erase', '--before', '1d'], { DATABASE_URL: t.db.url });
    expect(program.status).toBe(1);
    for (const argv of [[], ['--incident', 'x', '--before', '1d'], ['--before', 'soon']]) expect((await owner(...argv)).status).toBe(2);
  });
});
