import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listKeys } from '../store/audit-checkpoints.ts';
import { deliveriesInDoubt, deliveryTo } from '../store/audit-deliveries.ts';
import { listAudit } from '../store/audit-list.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { CheckpointLine } from './checkpoint-file.ts';
import { type AuditLogOptions, startAuditLog } from './log.ts';
import type { Loop } from './loop.ts';
import { noteKey, parseNote, parseVerifier, signedBy, verifierText } from './note.ts';
import { record, say, sayMany } from './testing.ts';
import { readWitness } from './witness.ts';

let db: TestDatabase;
let directory: string;
let running: Loop[];
beforeEach(async () => {
  db = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-log-'));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((loop) => loop.stop()));
  await db.close();
  rmSync(directory, { recursive: true });
});

const newKey = () => generateKeyPairSync('ed25519').privateKey;
const path = () => join(directory, 'deep', 'checkpoints.ndjson');
async function start(key: KeyObject, change: Partial<AuditLogOptions> = {}): Promise<Loop> {
  const loop = await startAuditLog({
    pool: db.pool,
    record,
    key,
    file: path,
    http: null,
    metrics: createMetrics('test'),
    log: silent,
    ...change,
  });
  running.push(loop);
  return loop;
}

const linesIn = (file = path()) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const line = text === '' ? null : CheckpointLine.safeParse(JSON.parse(text));
      return line?.success ? [line.data] : [];
    });
const newest = () => linesIn().at(-1)?.size ?? 0;

function collected(): { log: Logger; messages: () => { level: number; msg: string; err?: { message: string } }[] } {
  const lines: string[] = [];
  return {
    log: pino({ level: 'info' }, { write: (line: string) => lines.push(line) }),
    messages: () => lines.map((line) => JSON.parse(line)),
  };
}

test('what is written is sequenced, signed, and on disk outside the database soon after, and once more at the stop', async () => {
  const key = newKey();
  const loop = await start(key);
  await sayMany(db.pool, 5);
  await vi.waitFor(() => expect(newest()).toBe(5), { timeout: 20_000 });
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  await say(db.pool);
  await loop.stop();
  await expect.poll(newest, { timeout: 20_000 }).toBeGreaterThanOrEqual(5);
  const again = await start(key);
  await vi.waitFor(() => expect(newest()).toBe(6), { timeout: 20_000 });
  await again.stop();
  expect(new Set(linesIn().map(({ size }) => size)).size).toBe(linesIn().length);
});

test('a new key signs from then on, and checkpoints of the old one stay good', async () => {
  const [old, fresh] = [newKey(), newKey()];
  const first = await start(old);
  await say(db.pool);
  await vi.waitFor(() => expect(newest()).toBe(1), { timeout: 20_000 });
  await first.stop();
  await start(fresh);
  await say(db.pool);
  // And the entry that says so.
  await vi.waitFor(() => expect(newest()).toBe(3), { timeout: 20_000 });
  const keys = (await listKeys(db.pool)).flatMap((text) => parseVerifier(text) ?? []);
  expect(keys).toHaveLength(2);
  const [added, ...more] = await listAudit(db.pool, { kind: 'audit.key_added' }, 0, 10);
  expect([added?.data['verifier'], more]).toEqual([verifierText(noteKey(keys[0]?.name ?? '', fresh)), []]);
  const notes = linesIn().map(({ note }) => parseNote(note) ?? { text: '', signatures: [] });
  const signatures = notes.map((note) => keys.map((key) => signedBy(note, [key])).join());
  expect([signatures[0], new Set(signatures.slice(1))]).toEqual(['good,unknown', new Set(['unknown,good'])]);
});

test('three at once keep one history, and each a whole file of it', async () => {
  const key = newKey();
  const files = [1, 2, 3].map((n) => join(directory, `${n}.ndjson`));
  await Promise.all(files.map((file) => start(key, { file: () => file })));
  await Promise.all([1, 2, 3].map(() => sayMany(db.pool, 10)));
  for (const file of files) await vi.waitFor(() => expect(linesIn(file).at(-1)?.size).toBe(30), { timeout: 20_000 });
  const [one, ...others] = files.map((file) => readFileSync(file, 'utf8'));
  for (const other of others) expect(other).toBe(one);
  const keys = (await listKeys(db.pool)).flatMap((text) => parseVerifier(text) ?? []);
  const origin = parseCheckpoint(linesIn(files[0])[0]?.note ?? '')?.origin ?? '';
  expect((await readWitness(files, origin, keys)).leaves).toHaveLength(30 * 32);
});

describe('the file', () => {
  test('that ends in half a line is gone on with, and only that line is lost', async () => {
    const key = newKey();
    await (await start(key)).stop();
    await say(db.pool);
    const loop = await start(key);
    await vi.waitFor(() => expect(newest()).toBe(1), { timeout: 20_000 });
    await loop.stop();
    appendFileSync(path(), '{"size":2,"at":"20');
    await say(db.pool);
    await start(key);
    await vi.waitFor(
      () =>
        expect(
          readFileSync(path(), 'utf8')
            .split('\n')
            .filter((line) => line.startsWith('{"size":2,') && line.endsWith('}')),
        ).toHaveLength(1),
      {
        timeout: 20_000,
      },
    );
  });

  test('that cannot be written stops the start in words', async () => {
    writeFileSync(join(directory, 'deep'), 'a file where a directory should be');
    await expect(start(newKey())).rejects.toMatchObject({
      code: 'checkpoint_file_unusable',
      message: expect.stringContaining('audit.checkpoints.file'),
    });
  });

  test('that has more than the database stops the signing, not the program, and the log says so once', async () => {
    const key = newKey();
    const first = await start(key);
    await sayMany(db.pool, 3);
    await vi.waitFor(() => expect(newest()).toBe(3), { timeout: 20_000 });
    await first.stop();
    await db.force(`
      ALTER TABLE audit_sequence DISABLE TRIGGER ALL; DELETE FROM audit_sequence;
      ALTER TABLE audit_checkpoints DISABLE TRIGGER ALL; DELETE FROM audit_checkpoints;
      ALTER TABLE audit_entries DISABLE TRIGGER ALL; DELETE FROM audit_entries;
    `);
    await say(db.pool);
    const { log, messages } = collected();
    await start(key, { log });
    await vi.waitFor(
      () =>
        expect(
          messages()
            .filter(({ level }) => level === 50)
            .map(({ err }) => err?.message)
            .join(),
        ).toMatch(/restored from an old backup.*|not in the database/),
      { timeout: 20_000 },
    );
    await say(db.pool);
    expect((await db.force('SELECT FROM audit_checkpoints')).rowCount).toBe(0);
    expect(newest()).toBe(3);
    expect(messages().filter(({ msg }) => msg.startsWith('audit entries get no places'))).toHaveLength(1);
  });
});

describe('the receiver', () => {
  let server: Server;
  let received: string[];
  let tokens: (string | undefined)[];
  let status: number;
  beforeEach(async () => {
    [received, tokens] = [[], []];
    status = 200;
    server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece) => pieces.push(piece));
      request.on('end', () => {
        tokens.push(request.headers.authorization);
        received.push(Buffer.concat(pieces).toString());
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkpoints`;

  test.each([
    ['of more than there is', 'SELECT 1000000, NULL'],
    ['of another log', "SELECT size, 'made up' FROM audit_checkpoints ORDER BY size DESC LIMIT 1"],
  ])('that is said to have a checkpoint %s is sent all of them again, and that is shown', async (_, row) => {
    const key = newKey();
    const first = await start(key);
    await sayMany(db.pool, 3);
    await vi.waitFor(() => expect(newest()).toBe(3), { timeout: 20_000 });
    await first.stop();
    await db.force(`INSERT INTO audit_deliveries (receiver, size, note) SELECT '${url()}', made.* FROM (${row}) AS made`);
    expect(await deliveriesInDoubt(db.pool, 7)).toBe(true);
    const metrics = createMetrics('test');
    const { log, messages } = collected();
    const two = [
      start(key, { http: { url: url(), token: null }, metrics, log }),
      start(key, { http: { url: url(), token: null }, metrics, log, file: () => join(directory, 'two.ndjson') }),
    ];
    await Promise.all(two);
    // The entry that says so included.
    await vi.waitFor(() => expect(received.join('')).toContain('{"size":4,'), { timeout: 20_000 });
    expect(received.join('')).toContain('{"size":3,');
    const said = await listAudit(db.pool, { kind: 'audit.delivery_doubted' }, 0, 10);
    expect(said.map(({ data }) => data['receiver'])).toEqual([url()]);
    expect(messages().filter(({ msg }) => msg.includes('everything is sent again'))).toHaveLength(1);
    expect(await metrics.registry.metrics()).toMatch(/watchkeeper_audit_deliveries_doubted_total\{role="test"\} 1/);
    await vi.waitFor(async () => expect(await deliveryTo(db.pool, url())).toMatchObject({ size: 4, proven: true }), { timeout: 20_000 });
    expect(await deliveriesInDoubt(db.pool, 7)).toBe(true);
  });

  test('gets every checkpoint as the file has it, again until it takes it; meanwhile everything else goes on', async () => {
    status = 503;
    const metrics = createMetrics('test');
    await start(newKey(), { http: { url: url(), token: 'made-up-token' }, metrics });
    await sayMany(db.pool, 2);
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(0), { timeout: 20_000 });
    await say(db.pool);
    await vi.waitFor(() => expect(newest()).toBe(3), { timeout: 20_000 });
    await vi.waitFor(async () =>
      expect(await metrics.registry.metrics()).toMatch(/checkpoint_posts_total\{result="failed",role="test"\} [1-9]/),
    );
    expect(await metrics.registry.metrics()).toMatch(/watchkeeper_audit_checkpoints_waiting\{to="http",role="test"\} [1-9]/);
    const tried = received.length;
    status = 204;
    const taken = () => received.slice(tried).join('');
    await vi.waitFor(() => expect(taken()).toContain('{"size":3,'), { timeout: 20_000 });
    expect(taken()).toBe(readFileSync(path(), 'utf8'));
    expect(new Set(tokens)).toEqual(new Set(['Bearer made-up-token']));
    await vi.waitFor(
      async () => expect(await metrics.registry.metrics()).toMatch(/watchkeeper_audit_checkpoints_waiting\{to="http",role="test"\} 0/),
      { timeout: 20_000 },
    );
  });
});
