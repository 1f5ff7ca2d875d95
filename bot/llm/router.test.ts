import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRedactor } from '../../tools/redaction/index.ts';
import type { Model, ModelRequest } from '../../workflows/model.ts';
import { type LocalLlm, startLlm } from '../sandbox/llm/server.ts';
import type { Scripted, SeenRequest } from '../sandbox/llm/types.ts';
import { newIncident } from '../store/fixtures.ts';
import { llmCallsOf } from '../store/llm-calls.ts';
import { createLlmPrompts } from '../store/llm-prompts.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createAttempts } from './attempts.ts';
import { createBudget } from './budget.ts';
import { createProviders } from './providers/index.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createRouter } from './router.ts';
import { Llm } from './settings.ts';

// Credentials of this file are made up.
const secret = 'Tr0ub4dor-and-3';
const key = new Uint8Array(32).fill(7);
let database: TestDatabase;
let store: Store;
let first: LocalLlm;
let second: LocalLlm;
let incidentId: string;
const scripts: { first: (seen: SeenRequest) => Scripted; second: (seen: SeenRequest) => Scripted } = {
  first: () => ({ kind: 'text', text: '{"word":"one"}' }),
  second: () => ({ kind: 'text', text: '{"word":"two"}' }),
};
const usual = { ...scripts };

beforeAll(async () => {
  database = await createTestDatabase();
  store = database.store({ redact: createRedactor({ secrets: [secret], placeholderKey: key }) });
  const models = ['m-1', 'm-2'];
  first = await startLlm({ script: (seen) => scripts.first(seen), apiKey: 'sk-1', models });
  second = await startLlm({ script: (seen) => scripts.second(seen), apiKey: 'sk-2', models });
});
afterEach(() => Object.assign(scripts, usual));
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await database.close();
});

const bothMay = ['first', 'second'].map((provider) => ({ provider, classes: ['log', 'finding'] as const }));

async function model(settings: z.input<typeof Llm> = {}): Promise<Model> {
  const opened = await store.incidents.open({ ...newIncident(), key: `t:${Math.random()}`, slack: null }, { kind: 'system', id: 'test' });
  incidentId = opened.incident.id;
  const parsed = Llm.parse({
    providers: [
      { kind: 'openai', name: 'first' },
      { kind: 'anthropic', name: 'second' },
    ],
    routes: {
      explain: [
        { provider: 'first', model: 'm-1' },
        { provider: 'second', model: 'm-2' },
      ],
    },
    egress: bothMay.map((rule) => ({ ...rule, classes: [...rule.classes] })),
    prices: { 'first/m-1': { input: 1, output: 10 } },
    pseudonyms: { domains: ['shop.internal'], hosts: ['node-*'] },
    ...settings,
  });
  const env = {
    OPENAI_API_KEY: 'sk-1',
    OPENAI_BASE_URL: `${first.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-2',
    ANTHROPIC_BASE_URL: second.url,
    CODEX_BASE_URL: first.url,
  };
  const people = [{ name: 'Alice Ndiaye', email: 'alice@shop.example', slack: { user: 'U0ALICE' } }];
  return createRouter({
    settings: parsed,
    providers: createProviders({ env, providers: parsed.providers, learn: () => {} }),
    budget: createBudget({ pool: database.pool, limits: parsed.budgets, now: store.now }),
    prompts: createLlmPrompts({ db: database.pool, key, days: 1, now: store.now }),
    egress: { policy: await loadCommittedPolicy(), decisions: store.decisions, rules: parsed.egress, now: store.now },
    attempts: createAttempts({ first: 1, longest: 2_000, rest: 60_000 }),
    redactor: store.redact,
    pseudonyms: () => createPseudonyms({ settings: parsed.pseudonyms, people, key }),
    key,
    events: { called: () => {} },
    log: silent,
  });
}

const Answer = z.strictObject({ word: z.string() });

function request(over: Partial<ModelRequest<z.infer<typeof Answer>>> = {}): ModelRequest<z.infer<typeof Answer>> {
  return {
    task: 'explain',
    incidentId,
    person: null,
    question: 'Which word?',
    texts: [{ id: 'o-1', dataClass: 'log', label: 'a log', text: 'it failed', rank: 1 }],
    tools: [],
    schema: Answer,
    signal: AbortSignal.timeout(10_000),
    ...over,
  };
}

const outcomes = async () => (await llmCallsOf(database.pool, incidentId, 50)).map(({ provider, outcome }) => `${provider} ${outcome}`);

describe('who answers', () => {
  it('is the first of the route; the call is counted with its tokens and its price', async () => {
    const router = await model();
    expect(await router.ask(request())).toMatchObject({
      kind: 'answer',
      value: { word: 'one' },
      use: { provider: 'first', model: 'm-1' },
      notes: [],
    });
    const [call] = await llmCallsOf(database.pool, incidentId, 5);
    expect(call).toMatchObject({ outcome: 'answer', task: 'explain' });
    expect(call?.microUsd).toBe((call?.inputTokens ?? 0) + 10 * (call?.outputTokens ?? 0));
  });

  it.each<[string, Scripted]>([
    ['has its key revoked', { kind: 'error', status: 401, code: 'invalid_api_key' }],
    ['does not have the model', { kind: 'error', status: 404, code: 'model_not_found' }],
    ['has no quota left', { kind: 'error', status: 429, code: 'insufficient_quota' }],
    [
      'asks for a longer pause than anybody waits',
      { kind: 'error', status: 429, code: 'rate_limit_exceeded', headers: { 'retry-after': '60' } },
    ],
    ['refuses', { kind: 'refusal' }],
    ['does not finish', { kind: 'length', text: '{"wo' }],
    ['answers in another form', { kind: 'text', text: '{"words":["one"]}' }],
    ['answers with broken JSON', { kind: 'text', text: '{"word":' }],
    ['is broken', { kind: 'error', status: 500, code: 'server_error' }],
  ])('is the next one, which is told, when the first %s', async (_, scripted) => {
    scripts.first = () => scripted;
    const router = await model();
    const answer = await router.ask(request());
    expect(answer).toMatchObject({ kind: 'answer', value: { word: 'two' }, use: { provider: 'second' } });
    expect(answer.kind === 'answer' && answer.notes[0]).toMatch(/^first \(m-1\) .*; another model answered$/);
  });

  it('is the first after all, when it is asked again as it asked for', async () => {
    let asked = 0;
    scripts.first = () => {
      asked += 1;
      return asked === 1
        ? { kind: 'error', status: 429, code: 'rate_limit_exceeded', headers: { 'retry-after-ms': '20' } }
        : usual.first({} as SeenRequest);
    };
    expect(await (await model()).ask(request())).toMatchObject({ value: { word: 'one' }, notes: [] });
    expect(asked).toBe(2);
  });

  it('is left alone after failing again and again', async () => {
    let asked = 0;
    scripts.first = () => {
      asked += 1;
      return { kind: 'error', status: 500, code: 'server_error' };
    };
    const router = await model();
    for (let i = 0; i < 4; i += 1) expect(await router.ask(request())).toMatchObject({ value: { word: 'two' } });
    expect(asked).toBe(5);
  });

  it('is nobody when all fail: the reasons are told, without anything that a provider said', async () => {
    scripts.first = () => ({ kind: 'refusal' });
    scripts.second = () => ({ kind: 'error', status: 404, code: 'not_found_error' });
    const outcome = await (await model()).ask(request());
    expect(outcome).toEqual({
      kind: 'none',
      code: 'failed',
      reason: 'first (m-1) refused to answer; second (m-2) does not know the model',
    });
    expect(await outcomes()).toEqual(['first refusal', 'second failed']);
    expect(await (await model()).ask(request({ task: 'plan' }))).toMatchObject({ kind: 'none', code: 'not_configured' });
  });

  it('is asked with less where it says that the prompt is too long, the lowest rank left out first', async () => {
    scripts.first = (seen) =>
      seen.user.includes('least') ? { kind: 'error', status: 400, code: 'context_length_exceeded' } : usual.first(seen);
    const texts = [
      { id: 'a', dataClass: 'log', label: 'a', text: `least ${'x'.repeat(9_000)}`, rank: 1 },
      { id: 'b', dataClass: 'log', label: 'b', text: `most ${'y'.repeat(9_000)}`, rank: 2 },
    ];
    const answer = await (await model({ routes: { explain: [{ provider: 'first', model: 'm-1', maxInputTokens: 8_000 }] } })).ask(
      request({ texts }),
    );
    expect(answer).toMatchObject({ kind: 'answer', notes: ['1 texts did not fit into the prompt'] });
    expect(first.seen.at(-1)?.user).toContain('most');
  });

  it('stops when it is told to, and that is settled', async () => {
    scripts.first = () => ({ kind: 'hang' });
    const router = await model();
    const stop = new AbortController();
    const asked = router.ask(request({ signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    await expect(asked).rejects.toThrow('stopped');
    expect(await outcomes()).toEqual(['first cancelled']);
  });
});

describe('what leaves', () => {
  const texts = [
    {
      id: 'o-1',
      dataClass: 'log',
      label: 'log of node-7',
      text: `password=${secret} on node-7.shop.internal for Alice Ndiaye from 10.42.0.17`,
      rank: 1,
    },
    { id: 'o-2', dataClass: 'manifest', label: 'a manifest', text: 'kind: Deployment', rank: 1 },
  ];

  it('is redacted, without names, of classes that policy lets go only, and kept exactly, encrypted', async () => {
    scripts.first = ({ user }) => ({
      kind: 'text',
      text: JSON.stringify({ word: `see ${/on (\S+) for (\S+) from (\S+)/.exec(user)?.slice(1).join(' and ')}` }),
    });
    const router = await model();
    const answer = await router.ask(request({ texts, question: `What of ${secret}?` }));
    const sent = JSON.stringify(first.seen.at(-1)?.body);
    for (const word of [secret, 'Alice', '10.42.0.17', 'shop.internal', 'node-7', 'kind: Deployment']) expect(sent).not.toContain(word);
    expect(answer).toMatchObject({ kind: 'answer', value: { word: 'see node-7.shop.internal and Alice Ndiaye and 10.42.0.17' } });
    if (answer.kind !== 'answer') return;
    expect(answer.notes.join()).toContain('class manifest go to first');
    const kept = await createLlmPrompts({ db: database.pool, key, days: 1, now: store.now }).get(answer.use.prompt);
    expect(JSON.parse(kept?.text ?? '')).toMatchObject({
      provider: 'first',
      user: first.seen.at(-1)?.user,
      system: first.seen.at(-1)?.system,
    });
    const { rows } = await database.force(`SELECT encode(sealed, 'escape') AS sealed FROM llm_prompts WHERE id = '${answer.use.prompt}'`);
    expect(String(rows[0].sealed)).not.toContain('password');
    const decisions = await store.decisions.list({ incidentId, question: 'llm_egress' }, null, 10);
    expect(decisions.map(({ verdict }) => verdict).sort()).toEqual(['allow', 'deny']);
  });

  it('is nothing by default', async () => {
    const before = first.seen.length;
    expect(await (await model({ egress: [] })).ask(request({ texts }))).toMatchObject({ kind: 'none', code: 'egress' });
    expect(first.seen.length).toBe(before);
  });

  it('is forgotten after its time', async () => {
    await model();
    const past = createLlmPrompts({ db: database.pool, key, days: 1, now: () => new Date(Date.now() - 2 * 86_400_000) });
    const id = await past.put(incidentId, 'old');
    const now = createLlmPrompts({ db: database.pool, key, days: 1, now: store.now });
    expect(await now.get(id)).toBeNull();
    await now.put(incidentId, 'new');
    expect((await database.force(`SELECT 1 FROM llm_prompts WHERE id = '${id}'`)).rowCount).toBe(0);
  });
});

describe('budgets', () => {
  it.each<[string, z.input<typeof Llm>['budgets'], string]>([
    ['tokens of an incident', { incident: { tokens: 10_000 } }, 'the budget of this incident'],
    ['money of an incident', { incident: { usd: 0.1 } }, 'the budget of this incident'],
    ['tokens of a person', { person: { tokens: 10_000 } }, 'the budget of alice today'],
  ])('%s are enforced before the call, and no other provider is asked then', async (_, budgets, words) => {
    const router = await model({ budgets });
    expect(await router.ask(request({ person: 'alice' }))).toMatchObject({ kind: 'answer' });
    scripts.first = () => ({ kind: 'text', text: JSON.stringify({ word: 'x'.repeat(50_000) }) });
    await router.ask(request({ person: 'alice' }));
    const [one, two] = [first.seen.length, second.seen.length];
    expect(await router.ask(request({ person: 'alice' }))).toMatchObject({
      kind: 'none',
      code: 'budget',
      reason: expect.stringContaining(words),
    });
    expect([first.seen.length, second.seen.length]).toEqual([one, two]);
    await database.force(`UPDATE llm_calls SET person = NULL`);
  });

  it('hold for calls that are made at once', async () => {
    await model();
    const limits = Llm.parse({ budgets: { incident: { tokens: 25_000 } } }).budgets;
    const budget = createBudget({ pool: database.pool, limits, now: store.now });
    const booked = { incidentId, person: null, task: 'plan', provider: 'p', model: 'm', promptId: '0'.repeat(64), microUsd: 0 } as const;
    const all = await Promise.all(Array.from({ length: 8 }, () => budget.reserve({ ...booked, inputTokens: 8_000, outputTokens: 2_000 })));
    expect(all.filter(({ kind }) => kind === 'reserved')).toHaveLength(2);
  });
});

it('shows the answer as it comes, redacted', async () => {
  scripts.first = () => ({ kind: 'text', text: `{"word":\n"the password=${secret} and\nmore"}`.replace('and\nmore', 'and more') });
  const shown: string[] = [];
  await (await model()).ask(request({ onText: (text) => void shown.push(text) }));
  expect(shown.join('')).toContain('"word"');
  expect(shown.join('')).not.toContain(secret);
});
