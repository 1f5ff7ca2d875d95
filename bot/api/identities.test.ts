import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertIdentity } from '../store/identities.ts';
import { inTransaction } from '../store/pool.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

const link = (person: string) =>
  inTransaction(t.db.pool, (tx) => insertIdentity(tx, { kind: 'slack', realm: 'T1', account: 'UANN' }, person, 'login', new Date()));

test('a linked account is listed until an administrator ends it; then somebody else may link it', async () => {
  const linked = await link('ann');
  const reader = await t.tokenWith('read');
  const listed = async () => (await t.call('GET', '/v1/identities', { token: reader })).json().items;
  expect(await listed()).toEqual([linked]);
  const url = `/v1/identities/${linked?.id}`;
  expect((await t.call('DELETE', url, { token: reader })).statusCode).toBe(403);
  expect(await link('ben')).toBeNull();
  expect((await t.call('DELETE', url, { token: t.admin })).statusCode).toBe(204);
  expect((await t.call('DELETE', url, { token: t.admin })).statusCode).toBe(404);
  expect(await listed()).toEqual([]);
  expect(await link('ben')).toMatchObject({ person: 'ben' });
  const [entry] = await t.store.audit.list({ kind: 'identity.ended' }, 0, 10);
  expect(entry?.body).toMatchObject({ actor: { kind: 'service_token' }, data: { account: 'UANN', person: 'ann' } });
});
