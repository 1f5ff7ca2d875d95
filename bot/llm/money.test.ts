import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRedactor } from '../../tools/redaction/index.ts';
import { newIncident } from '../store/fixtures.ts';
import { llmCallsOf } from '../store/llm-calls.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createAttempts } from './attempts.ts';
import { createBudget } from './budget.ts';
import { priceOf } from './price.ts';
import { nothingUsed, type Provider, ProviderFailed, type ProviderRequest, type TokenUse } from './providers/provider.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createRouter } from './router.ts';
import { Llm } from './settings.ts';

const key = new Uint8Array(32).fill(7);
let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = database.store({ redact: createRedactor({ secrets: [], placeholderKey: key }) });
});
afterAll(() => database.close());

/** What a provider does with one attempt, and how much of what it may charge it does: of 1. */
const Happening = fc.record({
  kind: fc.constantFrom(
    'answer',
    'silent answer',
    'nonsense',
    'refusal',
    'cut',
    'told and cut',
    'refused',
    'quota',
    'too long',
    'hang',
    'stop',
  ),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  written: fc.boolean(),
});
type Happening = typeof Happening extends fc.Arbitrary<infer T> ? T : never;

const prices = { 'one/m': { input: 3, output: 15 }, 'two/m': { input: 1, cachedInput: 0.1, cacheWrite: 2, output: 4 } };
const budgets = { incident: { tokens: 60_000, usd: 0.2 } };

/** Of one attempt. */
interface Spent {
  tokens: number;
  microUsd: number;
}

/** Providers that do what the list says, and keep what they charge for it. */
function providers(happenings: Happening[], stop: AbortController, charged: Spent[]) {
  function use({ share, written }: Happening, sent: Omit<ProviderRequest, 'signal' | 'onText'>): TokenUse {
    const input = Math.floor(Buffer.byteLength(JSON.stringify(sent)) * share);
    return { ...nothingUsed, [written ? 'written' : 'input']: input, output: Math.floor(sent.maxOutputTokens * share) };
  }
  const provider = (name: string): Provider => ({
    async ask({ signal: _, onText: __, ...sent }) {
      const now = happenings.shift() ?? { kind: 'answer', share: 0.5, written: false };
      const used = use(now, sent);
      const cost = { tokens: 0, microUsd: 0 };
      charged.push(cost);
      const charge = () => {
        cost.tokens = used.input + used.written + used.output;
        cost.microUsd = priceOf(prices, name, 'm', used);
      };
      const answer = { text: now.kind === 'nonsense' ? '{' : '{"word":"x"}', calls: [], stop: 'end' as const, use: used };
      if (now.kind === 'refused') throw new ProviderFailed('overloaded', { retryAfterMs: 0, charged: nothingUsed });
      if (now.kind === 'quota') throw new ProviderFailed('quota', { charged: nothingUsed });
      if (now.kind === 'too long') throw new ProviderFailed('context', { charged: nothingUsed });
      charge();
      if (now.kind === 'silent answer') return { ...answer, use: null };
      if (now.kind === 'refusal') return { ...answer, stop: 'refusal' };
      if (now.kind === 'cut') throw new ProviderFailed('malformed', { retryAfterMs: 0 });
      if (now.kind === 'told and cut') throw new ProviderFailed('overloaded', { retryAfterMs: 0, charged: used });
      if (now.kind === 'hang') throw new ProviderFailed('timeout');
      if (now.kind === 'stop') {
        stop.abort(new Error('stopped'));
        throw new Error('aborted');
      }
      return answer;
    },
  });
  return new Map([
    ['one', provider('one')],
    ['two', provider('two')],
  ]);
}

const Answer = z.strictObject({ word: z.string() });

async function spend(happenings: Happening[], texts: readonly string[], stops: readonly AbortController[]) {
  const opened = await store.incidents.open({ ...newIncident(), key: `t:${Math.random()}`, slack: null }, { kind: 'system', id: 'test' });
  const incidentId = opened.incident.id;
  const route = ['one', 'two'].map((provider) => ({ provider, model: 'm', maxOutputTokens: 2_000 }));
  const settings = Llm.parse({
    providers: ['one', 'two'].map((name) => ({ kind: 'compatible', name, baseUrl: 'http://127.0.0.1:1/v1' })),
    routes: { explain: route },
    egress: ['one', 'two'].map((provider) => ({ provider, classes: ['log'] })),
    ...{ prices, budgets },
  });
  const charged: Spent[] = [];
  const reserved: string[] = [];
  const budget = createBudget({ pool: database.pool, limits: settings.budgets, now: store.now });
  const policy = await loadCommittedPolicy();
  for (const [index, text] of texts.entries()) {
    const stop = stops[index] ?? new AbortController();
    const router = createRouter({
      settings,
      providers: providers(happenings, stop, charged),
      budget: {
        ...budget,
        async reserve(call) {
          const reservation = await budget.reserve(call);
          if (reservation.kind === 'reserved') reserved.push(reservation.id);
          return reservation;
        },
      },
      prompts: { put: async () => '0'.repeat(64) },
      egress: { policy, decisions: { record: async () => {} }, rules: settings.egress, now: store.now },
      attempts: createAttempts({ first: 0, longest: 10, rest: 60_000 }),
      redactor: store.redact,
      pseudonyms: () => createPseudonyms({ settings: settings.pseudonyms, people: [], key }),
      key,
      events: { called: () => {} },
      log: silent,
    });
    const texts = [{ id: 'o-1', dataClass: 'log', label: 'a log', text, rank: 1 }];
    const question = { task: 'explain', incidentId, person: null, question: 'Which word?', texts, tools: [], schema: Answer } as const;
    await router.ask({ ...question, signal: stop.signal }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }
  const calls = await llmCallsOf(database.pool, incidentId, 200);
  const booked = reserved.map((id): Spent & { readonly open: boolean } => {
    const call = calls.find((one) => one.id === id);
    if (call === undefined) throw new Error('what was reserved is not on record');
    const { inputTokens, cachedTokens, outputTokens, microUsd, outcome } = call;
    return { tokens: inputTokens + cachedTokens + outputTokens, microUsd, open: outcome === null };
  });
  return { charged, booked };
}

const sum = (all: readonly Spent[], of: keyof Spent) => all.reduce((total, one) => total + one[of], 0);

test('whatever providers do, no less is booked than they can have charged for, and no budget is passed', async () => {
  const text = fc.string({ maxLength: 3_000, unit: 'binary' });
  await fc.assert(
    fc.asyncProperty(fc.array(Happening, { maxLength: 12 }), fc.array(text, { minLength: 1, maxLength: 5 }), async (happenings, texts) => {
      const stops = texts.map(() => new AbortController());
      const { charged, booked } = await spend([...happenings], texts, stops);
      expect(booked.length).toBe(charged.length);
      for (const [index, { tokens, microUsd, open }] of booked.entries()) {
        expect(tokens).toBeGreaterThanOrEqual(charged[index]?.tokens ?? 0);
        expect(microUsd).toBeGreaterThanOrEqual(charged[index]?.microUsd ?? 0);
        expect(open).toBe(false);
      }
      expect(sum(booked, 'tokens')).toBeLessThanOrEqual(budgets.incident.tokens);
      expect(sum(booked, 'microUsd')).toBeLessThanOrEqual(budgets.incident.usd * 1e6);
    }),
    { numRuns: 40 },
  );
});
