import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../policy/judged.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { decided } from '../../workflows/decided.ts';
import { bundleWithNote, endlessWasm } from '../policy/testing.ts';
import { decisionOf, planOf, seed } from '../store/fixtures.ts';
import { createTestApi, type TestApi } from './testing.ts';

const policy = await loadCommittedPolicy();
const rows = readDecisionTable();
const inputOf = (name: string) => rows.find((row) => row.name === name)?.input ?? {};
const medium = inputOf('medium needs one by another');

let t: TestApi;
let reader: string;
beforeAll(async () => {
  t = await createTestApi();
  reader = await t.tokenWith('read');
});
afterAll(() => t.close());

const post = (path: string, body: object | string, token = reader) => t.call('POST', `/v1/policy/${path}`, { token, body });

test('GET /v1/policy names the bundle that decides', async () => {
  const answer = await t.call('GET', '/v1/policy', { token: reader });
  expect(answer.json()).toEqual({
    bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
    source: 'built in',
    loadedAt: expect.any(String),
    keptAt: null,
    lastError: null,
  });
});

test('every route needs the scope read', async () => {
  const other = await t.tokenWith('alerts:write');
  const answers = await Promise.all([
    t.call('GET', '/v1/policy', { token: other }),
    t.call('GET', '/v1/policy/explain?plan=x', { token: other }),
    t.call('GET', '/v1/policy/decisions', { token: other }),
    post('evaluate', medium, other),
    post('replay', { since: '2026-01-01T00:00:00Z', bundle: 'AAAA' }, other),
    t.call('GET', '/v1/policy'),
  ]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403, 403, 401]);
});

describe('evaluate', () => {
  test('answers as the policy does, with its bundle, and records nothing', async () => {
    const { bundle } = (await t.call('GET', '/v1/policy', { token: reader })).json();
    const answer = await post('evaluate', medium);
    expect(answer.json()).toMatchObject({
      bundle,
      decision: { verdict: 'needs_approval', rules: ['tier.medium'], approvals: { needed: 1 } },
    });
    expect((await t.db.force('SELECT count(*)::int AS n FROM policy_decisions')).rows).toEqual([{ n: 0 }]);
  });

  test.each([
    ['no JSON', '{', 400],
    ['an unknown question', { question: 'why' }, 400],
    ['a field too many', { ...medium, admin: true }, 400],
    ['a prototype', '{"__proto__": {"question": "read"}}', 400],
    ['a missing field', { ...medium, freezes: undefined }, 400],
    ['too many steps', { ...medium, steps: Array.from({ length: 101 }, () => ({})) }, 400],
    ['a body of a megabyte', { ...medium, requester: 'x'.repeat(1_000_000) }, 413],
  ])('refuses %s, and decides as before', async (_, body, status) => {
    const answer = await t.call('POST', '/v1/policy/evaluate', {
      token: reader,
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect((await post('evaluate', medium)).json()).toMatchObject({ decision: { verdict: 'needs_approval' } });
  });
});

describe('explain', () => {
  test('says rule by rule why a plan was decided on as it was', async () => {
    const { incident, before } = await seed(t.store);
    const plan = planOf(incident.id, before);
    const { decision, bundle } = (await post('evaluate', inputOf('no dry run costs a tier: medium'))).json();
    await t.store.plans.save(plan, 'a'.repeat(64), { ...decisionOf(plan), bundle, input: medium, result: decision });
    const answer = await t.call('GET', `/v1/policy/explain?plan=${plan.id}`, { token: reader });
    expect(answer.json()).toMatchObject({
      plan: plan.id,
      unreadable: 0,
      items: [
        {
          question: 'plan',
          step: null,
          bundle,
          verdict: 'needs_approval',
          tier: 'high',
          approvals: { needed: 2, roles: ['approver'], excludeRequester: true },
          why: [
            { rule: 'tier.high', reason: expect.stringContaining('needs 2 approvals') },
            { rule: 'tier.dry_run', reason: 's1 counts as high: it has no dry run' },
          ],
        },
      ],
    });
  });

  test('a record of another form is counted; a plan that does not exist is said not to', async () => {
    const { plan } = await seed(t.store);
    expect((await t.call('GET', `/v1/policy/explain?plan=${plan.id}`, { token: reader })).json()).toMatchObject({
      items: [],
      unreadable: 1,
    });
    expect((await t.call('GET', '/v1/policy/explain?plan=none', { token: reader })).statusCode).toBe(404);
  });
});

describe('decisions', () => {
  const list = (query: string) => t.call('GET', `/v1/policy/decisions?${query}`, { token: reader });

  test('are listed as they were asked and answered, page by page', async () => {
    const { incident, plan } = await seed(t.store);
    const subject = { person: 'erin', roles: ['responder'], team: 'T1', foreignTeam: false, guest: true, bot: false, deactivated: false };
    const judged = judge(policy, { question: 'ask', nowMs: 0, subject });
    await t.store.decisions.record([decided(judged, { incidentId: incident.id })]);
    const first = (await list(`incident=${incident.id}&limit=1`)).json();
    expect(first.items).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        question: 'ask',
        verdict: 'deny',
        incident: incident.id,
        plan: null,
        step: null,
        bundle: policy.bundle,
        input: judged.input,
        result: judged.decision,
      },
    ]);
    const second = (await list(`incident=${incident.id}&limit=1&cursor=${first.next}`)).json();
    expect(second.items).toMatchObject([{ plan: plan.id, verdict: 'needs_approval' }]);
    expect((await list(`incident=${incident.id}&question=ask&verdict=deny&since=2026-01-01T00:00:00Z`)).json().items).toHaveLength(1);
    expect((await list(`plan=${plan.id}&verdict=deny`)).json()).toEqual({ items: [], next: null });
  });

  test.each(['verdict=maybe', 'since=yesterday', 'limit=0', 'limit=1000'])('refuses %s', async (query) => {
    expect((await list(query)).statusCode).toBe(400);
  });
});

describe('replay', () => {
  const since = '2020-01-01T00:00:00Z';
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const parts = ({ wasm, data }: { wasm: Uint8Array; data: Uint8Array }) => ({ wasm: base64(wasm), data: base64(data) });

  test('tries a bundle on what was decided; the one that decides stays', async () => {
    const before = (await t.call('GET', '/v1/policy', { token: reader })).json();
    const answer = await post('replay', { since, bundle: parts(bundleWithNote('other')) });
    expect(answer.json()).toMatchObject({ evaluated: 2, changed: [{ before: { needed: 2 }, after: { needed: 1 } }], next: null });
    expect(answer.json().bundle).not.toBe(before.bundle);
    expect((await t.call('GET', '/v1/policy', { token: reader })).json()).toEqual(before);
  });

  const wasm = readFileSync(new URL('../../policy/bundle/policy.wasm', import.meta.url));
  test.each([
    ['no bundle', { since }, 400],
    ['a date that is none', { since: 'yesterday', bundle: 'AAAA' }, 400],
    ['what is not base64', { since, bundle: 'päckchen' }, 400],
    ['what is no archive', { since, bundle: 'AAAA' }, 422],
    ['what is no wasm', { since, bundle: parts({ wasm: Buffer.from('no'), data: Buffer.from('{}') }) }, 422],
    ['what is no data', { since, bundle: parts({ wasm, data: Buffer.from('{') }) }, 422],
    ['a program that never ends', { since, bundle: parts({ wasm: endlessWasm, data: Buffer.from('{}') }) }, 422],
    ['5 MiB', { since, bundle: 'A'.repeat(5 * 1024 * 1024) }, 413],
  ])('refuses %s', async (_, body, status) => {
    expect((await post('replay', body)).statusCode).toBe(status);
  });

  test('one at a time', async () => {
    const body = { since, bundle: parts(bundleWithNote('other')) };
    const answers = await Promise.all([post('replay', body), post('replay', body)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 503]);
    expect((await post('replay', body)).statusCode).toBe(200);
  });
});
