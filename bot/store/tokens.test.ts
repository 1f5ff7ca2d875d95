import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from './fixtures.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';
import { mayBeSecret, newSecret } from './token-secret.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a token is verified by its secret, of which only the hash is kept', async () => {
  const store = db.store();
  const { token, secret } = await store.tokens.create({ name: 'ci', scopes: ['incidents:write'], expiresAt: null }, alice);
  expect(secret).toMatch(/^wk_[0-9A-Za-z]{49}$/);
  expect(await store.tokens.verify(secret)).toEqual(token);
  const row = (await db.force(`SELECT hash, service_tokens::text AS text FROM service_tokens WHERE id = '${token.id}'`)).rows[0];
  expect(row.hash).toEqual(createHash('sha256').update(secret).digest());
  const everything = (await db.force("SELECT convert_from(body, 'UTF8') AS text FROM audit_entries")).rows;
  expect(JSON.stringify([row.text, everything])).not.toContain(secret.slice(3));
  expect((await store.tokens.list()).find((one) => one.id === token.id)?.lastUsedAt).not.toBeNull();
});

test('a scanner can tell a token from what only looks like one', () => {
  const secret = newSecret();
  expect(mayBeSecret(secret)).toBe(true);
  for (let place = 3; place < secret.length; place += 1) {
    const other = secret[place] === 'a' ? 'b' : 'a';
    expect(mayBeSecret(`${secret.slice(0, place)}${other}${secret.slice(place + 1)}`)).toBe(false);
  }
});

test('a token of an earlier version, without a checksum, still opens what it did', async () => {
  const secret = `wk_${'-Ab_9'.repeat(9).slice(0, 43)}`;
  const hash = createHash('sha256').update(secret).digest('hex');
  await db.force(`INSERT INTO service_tokens (id, name, hash, scopes, created_at) VALUES ('old', 'old', '\\x${hash}', '{read}', now())`);
  expect(await db.store().tokens.verify(secret)).toMatchObject({ id: 'old', sites: null, operations: null });
});

test.each(['', 'wk_', 'nothing', `wk_${'A'.repeat(43)}`, `wk_${'A'.repeat(5_000)}`])('%j is no token', async (secret) => {
  expect(await db.store().tokens.verify(secret)).toBeNull();
});

test('what a token makes is made for whoever made that token', async () => {
  const store = db.store();
  const first = await store.tokens.create({ name: 'a', scopes: ['tokens:admin'], expiresAt: null }, alice);
  const second = await store.tokens.create({ name: 'b', scopes: [], expiresAt: null }, { kind: 'service_token', id: first.token.id });
  const ours = await store.tokens.create({ name: 'c', scopes: [], expiresAt: null }, { kind: 'system', id: 'cli' });
  expect(await Promise.all([first, second, ours].map(({ token }) => store.tokens.makerOf(token.id)))).toEqual(['alice', 'alice', null]);
});

test('a revoked token, and one past its expiry, are not verified', async () => {
  const store = db.store();
  const revoked = await store.tokens.create({ name: 'old', scopes: [], expiresAt: null }, alice);
  expect(await store.tokens.revoke(revoked.token.id, alice)).toBe(true);
  expect(await store.tokens.revoke(revoked.token.id, alice)).toBe(false);
  expect(await store.tokens.verify(revoked.secret)).toBeNull();
  const short = await store.tokens.create({ name: 'short', scopes: [], expiresAt: new Date(Date.now() + 60_000) }, alice);
  expect(await store.tokens.verify(short.secret)).not.toBeNull();
  expect(await db.store({ now: () => new Date(Date.now() + 120_000) }).tokens.verify(short.secret)).toBeNull();
  expect(
    (await store.audit.list({}, 0, 10)).map((entry) => entry.body.kind).filter((kind) => kind === 'service_token.revoked'),
  ).toHaveLength(1);
});
