import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { PolicyInput } from '../../policy/contract.ts';
import { bundleHash, type PolicyBundle } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { silent } from '../store/testing.ts';
import { safetyTable } from './safety.ts';
import { bundleWithNote, endlessWasm } from './testing.ts';
import { craftedPolicy, denial } from './testing-wasm.ts';
import { openThreadedPolicy, type ThreadedLimits, type ThreadedPolicy, threadedLimits } from './threaded.ts';

const committed = await loadCommittedPolicy();
const rows = [...readDecisionTable(), ...safetyTable].map(({ input }) => input as PolicyInput);
const [vote, ask] = ['vote', 'ask'].map((question) => rows.find((row) => row.question === question)) as [PolicyInput, PolicyInput];

let policy: ThreadedPolicy | undefined;
afterEach(async () => {
  await policy?.close();
  policy = undefined;
});

async function open(bundle: PolicyBundle, limits: Partial<ThreadedLimits> = {}): Promise<ThreadedPolicy> {
  policy = await openThreadedPolicy(bundle, silent, { ...threadedLimits, ...limits });
  return policy;
}

/** Never ends when it is asked about a vote; denies everything else. */
const stuckAtVotes = craftedPolicy({ rules: [{ letter: 'v', does: 'loop' }, { does: denial }] });

/** Until the thread that took the place of the one that was ended answers. */
const answersAgain = (threaded: ThreadedPolicy, input: PolicyInput) =>
  vi.waitFor(() => expect(threaded.decide(input).rules).toEqual(['made.up']), { timeout: 15_000, interval: 20 });

test('every row of both tables is decided as in the process', async () => {
  const bundle = bundleWithNote('threaded');
  const threaded = await open(bundle);
  expect(threaded.bundle).toBe(bundleHash(bundle));
  for (const row of rows) {
    const decision = threaded.decide(row);
    // Under another bundle than the one that approved.
    const own = decision.rules.filter((rule) => rule !== 'policy.changed');
    const expected = committed.decide(row);
    expect({ ...decision, rules: own, reasons: decision.reasons.slice(0, own.length) }).toEqual({
      ...expected,
      rules: expected.rules.filter((rule) => rule !== 'policy.changed'),
      reasons: expected.reasons.slice(0, own.length),
    });
  }
});

test('whatever it is asked, in whatever order, it answers as in the process', async () => {
  const threaded = await open(bundleWithNote('threaded'));
  const mixed = fc
    .tuple(fc.constantFrom(...rows), fc.constantFrom(...rows), fc.jsonValue())
    .map(([one, other, value]) => ({ ...one, ...other, question: one.question, nowMs: value }));
  const question = fc.oneof(fc.constantFrom(...rows), mixed, fc.jsonValue()) as fc.Arbitrary<PolicyInput>;
  fc.assert(
    fc.property(fc.array(question, { maxLength: 10 }), (questions) => {
      for (const one of questions) {
        const [a, b] = [threaded.decide(one), committed.decide(one)];
        expect({ verdict: a.verdict, tier: a.tier, approvals: a.approvals }).toEqual({
          verdict: b.verdict,
          tier: b.tier,
          approvals: b.approvals,
        });
      }
    }),
    { numRuns: 100 },
  );
});

test('a question that takes too long is denied, in words, after the limit', async () => {
  const threaded = await open(stuckAtVotes, { questionMs: 300 });
  const before = performance.now();
  const decision = threaded.decide(vote);
  const blocked = performance.now() - before;
  expect(decision).toEqual({
    verdict: 'deny',
    reasons: ['the policy took longer than 300 ms to decide'],
    rules: ['policy.timeout'],
    approvals: { needed: 0, roles: [], excludeRequester: true, groups: [] },
    tier: 'high',
  });
  expect(blocked).toBeGreaterThan(290);
  expect(blocked).toBeLessThan(900);
});

test('the thread is started again, and answers what it can', async () => {
  const threaded = await open(stuckAtVotes, { questionMs: 200, pauseMs: 0 });
  for (let round = 0; round < 3; round += 1) {
    await answersAgain(threaded, ask);
    expect(threaded.decide(vote).rules).toEqual(['policy.timeout']);
  }
});

test('a policy that keeps taking too long is not asked for a moment: the event loop goes on', async () => {
  const threaded = await open(craftedPolicy({ rules: [{ does: 'loop' }] }), { questionMs: 100, pauseMs: 60_000 });
  threaded.decide(vote);
  threaded.decide(vote);
  const before = performance.now();
  for (let i = 0; i < 100; i += 1) expect(threaded.decide(vote)).toMatchObject({ verdict: 'deny', rules: ['policy.timeout'] });
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(threaded.decide(vote).reasons).toEqual(['the policy took too long several times in a row: it is not asked for a moment']);
});

test('after the pause it is asked again', async () => {
  const threaded = await open(stuckAtVotes, { questionMs: 100, pauseMs: 500 });
  threaded.decide(vote);
  threaded.decide(vote);
  expect(threaded.decide(ask).reasons).toEqual(['the policy took too long several times in a row: it is not asked for a moment']);
  await answersAgain(threaded, ask);
});

test('one late answer is no reason for a pause: the next question waits for the new thread', async () => {
  const threaded = await open(stuckAtVotes, { questionMs: 2_000, pauseMs: 60_000 });
  for (let round = 0; round < 2; round += 1) {
    expect(threaded.decide(vote).reasons).toEqual(['the policy took longer than 2000 ms to decide']);
    expect(threaded.decide(ask).rules).toEqual(['made.up']);
  }
});

test('a question that cannot be passed on is denied', async () => {
  const threaded = await open(bundleWithNote('threaded'));
  expect(threaded.decide({ question: () => 'ask' } as unknown as PolicyInput)).toMatchObject({
    verdict: 'deny',
    rules: ['question.malformed'],
  });
  expect(threaded.decide(ask)).toEqual(committed.decide(ask));
});

test('once closed it denies, and starts nothing', async () => {
  const threaded = await open(stuckAtVotes);
  await threaded.close();
  expect(threaded.decide(ask)).toMatchObject({ verdict: 'deny', reasons: ['the policy has been stopped'] });
});

test('a bundle that does not load, or never ends loading, is refused', async () => {
  await expect(open({ wasm: Buffer.from('no'), data: Buffer.from('{}') })).rejects.toMatchObject({ code: 'policy_bundle_refused' });
  await expect(open({ wasm: endlessWasm, data: Buffer.from('{}') }, { loadMs: 300 })).rejects.toThrow('takes too long to load');
});
