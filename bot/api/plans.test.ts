import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

describe('votes', () => {
  const body = { verdict: 'approve', requestHash: sha256Hex('x'), reason: 'looks right' };

  test('reach the vote path as the token that asks, and its refusal is told', async () => {
    t.controls.outcome = { kind: 'refused', code: 'not_allowed', message: 'Service tokens do not vote.' };
    const response = await t.call('POST', '/v1/plans/p1/votes', { token: await t.tokenWith('read'), body });
    expect([response.statusCode, response.json().detail]).toEqual([403, 'Service tokens do not vote.']);
    expect(t.controls.asked.at(-1)).toMatchObject({
      who: { kind: 'service_token' },
      planId: 'p1',
      channel: 'api',
      verdict: 'approve',
      reason: 'looks right',
    });
  });

  test.each([
    ['unknown_person', 403],
    ['stale', 409],
    ['settled', 409],
    ['expired', 410],
    ['unknown_plan', 404],
  ] as const)('%s is %i', async (code, status) => {
    t.controls.outcome = { kind: 'refused', code, message: 'words' };
    expect((await t.call('POST', '/v1/plans/p1/votes', { token: t.admin, body })).statusCode).toBe(status);
  });

  test('need a whole hash', async () => {
    const before = t.controls.asked.length;
    expect((await t.call('POST', '/v1/plans/p1/votes', { token: t.admin, body: { ...body, requestHash: 'abc' } })).statusCode).toBe(400);
    expect(t.controls.asked).toHaveLength(before);
  });
});
