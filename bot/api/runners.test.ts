import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRegistry } from '../../tools/registry.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

const report = (more: object = {}) => ({
  site: 'shop',
  runner: 'r1',
  registry: createRegistry().hash,
  programs: [{ name: 'kubectl', version: '1.34.2' }],
  ...more,
});

test('a runner that reports is listed with its programs until it has said nothing for minutes, and whether it would refuse writes', async () => {
  const token = await t.tokenWith('observations:write', 'read');
  const runners = async () => (await t.call('GET', '/v1/tools', { token })).json().runners;
  expect(await runners()).toEqual([]);
  expect((await t.call('POST', '/v1/runners', { token, body: report() })).statusCode).toBe(204);
  expect((await t.call('POST', '/v1/runners', { token, body: report({ programs: [] }) })).statusCode).toBe(204);
  await t.call('POST', '/v1/runners', { token, body: report({ runner: 'r2', registry: 'f'.repeat(64) }) });
  expect(await runners()).toMatchObject([
    { runner: 'r1', current: true, programs: [], permissions: [], remedies: [] },
    {
      ...{ runner: 'r2', current: false, programs: [{ name: 'kubectl', version: '1.34.2' }] },
      remedies: [expect.stringMatching(/^it has other operations \(registry f{12}\) .*: run the same version of both$/)],
    },
  ]);
});

test('a report of another shape is refused', async () => {
  const token = await t.tokenWith('observations:write');
  expect((await t.call('POST', '/v1/runners', { token, body: report({ extra: 1 }) })).statusCode).toBe(400);
});
