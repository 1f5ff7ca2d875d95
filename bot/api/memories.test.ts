import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../store/fixtures.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

it('shows what is remembered, and lets no program judge it', async () => {
  const { incident } = await seed(t.store);
  const words = { title: 't', cause: 'c', fix: 'f', causes: ['oom_killed'], entities: [], operations: [] };
  const memory = { incidentId: incident.id, service: 'checkout', site: 'shop', outcome: 'resolved' as const, at: new Date().toISOString() };
  await t.store.memories.remember({ ...memory, ...words });
  const listed = await t.call('GET', '/v1/memories', { token: t.admin });
  expect(listed.json().items).toMatchObject([{ incidentId: incident.id, cause: 'c', retracted: null }]);
  const answer = await t.call('POST', `/v1/memories/${incident.id}/retract`, { token: t.admin, body: { reason: 'x' } });
  expect(answer.json()).toMatchObject({ status: 403, code: 'people_only' });
  expect((await t.call('GET', `/v1/incidents/${incident.id}`, { token: t.admin })).json().similar).toEqual([]);
});

it('shows the set of playbooks that is in use, with the text of each and what is wrong', async () => {
  const empty = await t.call('GET', '/v1/playbooks', { token: t.admin });
  expect(empty.json()).toEqual({ hash: null, at: null, items: [], problems: [] });
  const sha256 = 'a'.repeat(64);
  const member = {
    name: 'mine',
    summary: 's',
    file: 'mine.yaml',
    origin: 'own' as const,
    sha256,
    specificity: 3,
    causes: [],
    proposes: [],
  };
  const trouble = { file: 'other.yaml', line: 3, column: 5, message: 'm', todo: 'do', kept: false };
  const texts = [{ sha256, file: 'mine.yaml', origin: 'own' as const, content: 'name: mine\n' }];
  await t.store.playbooks.record({ hash: 'b'.repeat(64), members: [member], problems: [trouble], texts });
  const set = await t.call('GET', '/v1/playbooks', { token: t.admin });
  expect(set.json()).toMatchObject({ hash: 'b'.repeat(64), items: [member], problems: [trouble] });
  expect((await t.call('GET', '/v1/playbooks/mine', { token: t.admin })).json()).toEqual({ ...member, content: 'name: mine\n' });
  expect((await t.call('GET', '/v1/playbooks/other', { token: t.admin })).statusCode).toBe(404);
});
