import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../store/fixtures.ts';
import { insertLlmCall, settleLlmCall } from '../store/llm-calls.ts';
import { createLlmPrompts } from '../store/llm-prompts.ts';
import { inTransaction } from '../store/pool.ts';
import { createTestApi, type TestApi } from './testing.ts';

let test: TestApi;
beforeAll(async () => {
  test = await createTestApi();
});
afterAll(() => test.close());

it('tells what language models were asked, in all and for an incident, and shows a prompt to those who may read it', async () => {
  const { incident } = await seed(test.store);
  const prompts = createLlmPrompts({ db: test.db.pool, key: new Uint8Array(32), days: 1, now: test.store.now });
  const promptId = await prompts.put(incident.id, 'what was sent');
  const call = {
    incidentId: incident.id,
    person: null,
    provider: 'p',
    model: 'm',
    promptId,
    at: new Date(),
    inputTokens: 9,
    outputTokens: 9,
    microUsd: 9,
  };
  await inTransaction(test.db.pool, (tx) => insertLlmCall(tx, { ...call, id: 'c-1', task: 'plan' }));
  await inTransaction(test.db.pool, (tx) => insertLlmCall(tx, { ...call, id: 'c-2', task: 'plan' }));
  await settleLlmCall(test.db.pool, 'c-1', {
    outcome: 'failed',
    inputTokens: 1,
    cachedTokens: 2,
    outputTokens: 3,
    microUsd: 4,
    milliseconds: 5,
  });
  const usage = await test.call('GET', '/v1/llm/usage', { token: test.admin });
  expect(usage.json().items).toEqual([
    { provider: 'p', model: 'm', task: 'plan', calls: 2, failed: 1, inputTokens: 10, cachedTokens: 2, outputTokens: 12, microUsd: 13 },
  ]);
  const calls = await test.call('GET', `/v1/incidents/${incident.id}/llm`, { token: test.admin });
  expect(calls.json().items.map(({ id, outcome }: { id: string; outcome: string | null }) => [id, outcome])).toEqual([
    ['c-1', 'failed'],
    ['c-2', null],
  ]);
  const shown = await test.call('GET', `/v1/llm/prompts/${promptId}`, { token: test.admin });
  expect(shown.json()).toMatchObject({ id: promptId, incidentId: incident.id, text: 'what was sent' });
  const read = await test.store.audit.list({ incidentId: incident.id }, 0, 100);
  expect(read.filter(({ body }) => body.kind === 'llm.prompt_read').map(({ body }) => body.data)).toEqual([
    expect.objectContaining({ prompt: promptId }),
  ]);
  const reader = await test.tokenWith('read');
  expect((await test.call('GET', `/v1/llm/prompts/${promptId}`, { token: reader })).statusCode).toBe(403);
  expect((await test.call('GET', `/v1/llm/prompts/${'0'.repeat(64)}`, { token: test.admin })).statusCode).toBe(404);
});
