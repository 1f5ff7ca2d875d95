import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyDecision, PolicyInput } from '../../policy/contract.ts';
import { bundleHash } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { seed } from '../store/fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { type Evaluator, openEvaluator } from './evaluator.ts';
import { replay, replayLimits } from './replay.ts';
import { safetyTable } from './safety.ts';
import { bundleWithNote, endlessWasm } from './testing.ts';

const policy = await loadCommittedPolicy();
const question = (name: string) => safetyTable.find((row) => row.name === name)?.input as PolicyInput;
const high = question('high needs two others');
const medium = question('medium needs somebody other than the requester');
const bundle = bundleWithNote('tried');
const start = Date.UTC(2026, 0, 1);
const day = 86_400_000;

let db: TestDatabase;
let incidentId: string;
let planId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  const { incident, plan } = await seed(db.store({ now: () => new Date(start - 100 * day) }));
  incidentId = incident.id;
  planId = plan.id;
});
afterAll(() => db.close());

/** Records that `input` was answered so, `days` after the start. */
async function plant(days: number, input: unknown, result: unknown): Promise<void> {
  const store = db.store({ now: () => new Date(start + days * day) });
  await store.decisions.record([{ incidentId, planId, stepId: null, bundle: policy.bundle, input, result: result as PolicyDecision }]);
}

let era = 0;
/** Each test has a time of its own: decisions are never deleted. */
beforeEach(() => {
  era += 1_000;
});
const since = (days: number) => new Date(start + (era + days) * day);
const request = (change = {}) => ({ bundle, since: since(0), cursor: null, ...change });

test('what would be decided as before is counted, and nothing else is said of it', async () => {
  await plant(era, high, policy.decide(high));
  await plant(era + 1, medium, policy.decide(medium));
  expect(await replay(db.pool, request())).toEqual({
    bundle: bundleHash(bundle),
    evaluated: 2,
    changed: [],
    unanswered: [],
    next: null,
  });
});

test('what would be decided otherwise is shown with both answers', async () => {
  const before = { ...policy.decide(high), approvals: { needed: 1, roles: ['approver'], excludeRequester: true, groups: [] } };
  await plant(era, high, before);
  const { changed } = await replay(db.pool, request());
  expect(changed).toEqual([
    {
      id: expect.any(String),
      at: since(0).toISOString(),
      incident: incidentId,
      plan: planId,
      step: null,
      question: 'plan',
      before: { verdict: 'needs_approval', needed: 1, roles: ['approver'], excludeRequester: true, groups: [] },
      after: {
        verdict: 'needs_approval',
        needed: 2,
        roles: ['approver'],
        excludeRequester: true,
        groups: [],
        reasons: [expect.stringContaining('needs 2 approvals')],
        rules: ['tier.high'],
      },
    },
  ]);
});

test.each([
  ['verdict', { verdict: 'allow' as const }],
  ['roles', { approvals: { needed: 2, roles: ['approver', 'viewer'], excludeRequester: true } }],
  ['exclusion', { approvals: { needed: 2, roles: ['approver'], excludeRequester: false } }],
  ['group', { approvals: { needed: 2, roles: ['approver'], excludeRequester: true, groups: [{ group: 'platform', needed: 1 }] } }],
])('another %s is a change', async (_, change) => {
  await plant(era, high, { ...policy.decide(high), ...change });
  expect((await replay(db.pool, request())).changed).toHaveLength(1);
});

test('other words for the same answer are no change', async () => {
  await plant(era, high, { ...policy.decide(high), reasons: ['in other words'] });
  expect(await replay(db.pool, request())).toMatchObject({ evaluated: 1, changed: [] });
});

test('what is older than asked for is left out, to the millisecond', async () => {
  await plant(era - 1, high, policy.decide(high));
  await plant(era, high, policy.decide(high));
  expect((await replay(db.pool, request())).evaluated).toBe(1);
  expect((await replay(db.pool, request({ since: new Date(since(0).getTime() + 1) }))).evaluated).toBe(0);
});

test('records of another form, and questions that get no answer, are told apart from changes', async () => {
  await plant(era, {}, { verdict: 'needs_approval', reasons: [] });
  await plant(era, { ...high, surprise: true }, policy.decide(high));
  const { unanswered, evaluated, changed } = await replay(db.pool, request());
  expect({ evaluated, changed }).toEqual({ evaluated: 0, changed: [] });
  expect(unanswered.map(({ reason }) => reason).sort()).toEqual([
    'it was asked in the form of another version (Unrecognized key: "surprise")',
    'its record is not of a known form',
  ]);
});

test('parts add up to the whole, each decision in one of them', async () => {
  for (let i = 0; i < 7; i += 1) await plant(era + i, high, { ...policy.decide(high), verdict: 'allow' });
  const limits = { ...replayLimits, batch: 2, lines: 3 };
  const seen: string[] = [];
  let parts = 0;
  for (let cursor: string | null | undefined; cursor !== null; parts += 1) {
    const part = await replay(db.pool, request({ cursor: cursor ?? null }), limits);
    seen.push(...part.changed.map(({ id }) => id));
    cursor = part.next;
  }
  expect(parts).toBe(2);
  expect(new Set(seen).size).toBe(7);
  expect(seen).toHaveLength(7);
});

test('nothing is stored, and the running policy stays', async () => {
  await plant(era, high, policy.decide(high));
  const count = () => db.force('SELECT count(*) FROM policy_decisions');
  const { rows } = await count();
  await replay(db.pool, request());
  expect((await count()).rows).toEqual(rows);
});

/** The evaluator itself, whose thread is gone when the batch with this number comes: no answer arrives in time. */
const outOfTimeAt =
  (batch: number): typeof openEvaluator =>
  async (...request) => {
    const evaluator = await openEvaluator(...request);
    let asked = 0;
    const evaluate: Evaluator['evaluate'] = async (inputs, limitMs) => {
      asked += 1;
      if (asked < batch) return evaluator.evaluate(inputs, limitMs);
      await evaluator.close();
      return evaluator.evaluate(inputs, 1);
    };
    return { ...evaluator, evaluate };
  };

test('a part that runs out of time answers what it did, and where to go on', async () => {
  for (let i = 0; i < 3; i += 1) await plant(era + i, high, { ...policy.decide(high), verdict: 'allow' });
  const limits = { ...replayLimits, batch: 2 };
  const first = await replay(db.pool, request(), limits, outOfTimeAt(2));
  expect(first).toMatchObject({ evaluated: 2, next: first.changed[1]?.id });
  const rest = await replay(db.pool, request({ cursor: first.next }), limits);
  expect(rest).toMatchObject({ evaluated: 1, next: null });
  await expect(replay(db.pool, request(), limits, outOfTimeAt(1))).rejects.toThrow('the policy takes too long');
});

test('a policy that never answers is stopped', async () => {
  const endless = { wasm: endlessWasm, data: Buffer.from('{}') };
  await expect(replay(db.pool, request({ bundle: endless }), { ...replayLimits, totalMs: 1_500 })).rejects.toMatchObject({
    code: 'policy_bundle_refused',
    message: 'the policy takes too long',
  });
});
