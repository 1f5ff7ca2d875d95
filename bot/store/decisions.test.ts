import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyInput } from '../../policy/contract.ts';
import { type Judged, judge } from '../../policy/judged.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { decided } from '../../workflows/decided.ts';
import type { DecisionRecord } from '../../workflows/ports.ts';
import { recordDecisions } from './decisions.ts';
import { alice, newIncident, seed } from './fixtures.ts';
import { inTransaction } from './pool.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const policy = await loadCommittedPolicy();
const rows = readDecisionTable().map(({ input }) => judge(policy, input as PolicyInput));

/** The first question of a kind in the table that was answered so. */
function judged(question: PolicyInput['question'], verdict: string): Judged {
  const found = rows.find(({ input, decision }) => input.question === question && decision.verdict === verdict);
  if (found === undefined) throw new Error(`the table has no ${question} with ${verdict}`);
  return found;
}

let db: TestDatabase;
let store: Store;
let incidentId: string;
let planId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
  const { incident, plan } = await seed(store);
  incidentId = incident.id;
  planId = plan.id;
});
afterAll(() => db.close());

const rowsOf = (id: string) => store.decisions.list({ incidentId: id }, null, 100);
const open = async () => (await store.incidents.open(newIncident(), alice)).incident.id;
const auditOf = async (id: string) =>
  (await store.audit.list({ incidentId: id }, 0, 100))
    .map(({ body, data }) => ({ ...body, data }))
    .filter(({ kind }) => kind.startsWith('policy.'));

test('every question is recorded as it was asked and answered, also where there is no incident', async () => {
  const asked = [...new Map(rows.map((row) => [row.input.question, row])).values()];
  const from = new Date();
  await store.decisions.record(asked.map((one) => decided(one, { incidentId: null })));
  const recorded = await store.decisions.list({ since: from }, null, 100);
  expect(recorded.map(({ question }) => question).toSorted()).toEqual(asked.map(({ input }) => input.question).toSorted());
  for (const { input, decision, bundle } of asked)
    expect(recorded).toContainEqual(
      expect.objectContaining({ question: input.question, verdict: decision.verdict, bundle, input, result: decision, incidentId: null }),
    );
});

test('many are one insert, and none is one no insert', async () => {
  const id = await open();
  await store.decisions.record([]);
  await store.decisions.record(Array.from({ length: 200 }, () => decided(judged('read', 'allow'), { incidentId: id })));
  expect(await store.decisions.list({ incidentId: id }, null, 1_000)).toHaveLength(200);
});

test('secrets are masked before anything is stored', async () => {
  const id = await open();
  const { decision, ...rest } = judged('ask', 'deny');
  const input = { ...rest.input, subject: { person: 'hunter2' } };
  await store.decisions.record([
    decided(
      { ...rest, input: input as unknown as PolicyInput, decision: { ...decision, reasons: ['hunter2 may not'] } },
      { incidentId: id },
    ),
  ]);
  expect(JSON.stringify([await rowsOf(id), (await auditOf(id)).map(({ data }) => data['reasons'])])).not.toContain('hunter2');
});

describe('the audit log', () => {
  const kinds = async (...decisions: [Judged, Partial<DecisionRecord>?][]) => {
    const id = await open();
    await store.decisions.record(decisions.map(([one, change]) => ({ ...decided(one, { incidentId: id }), ...change })));
    return auditOf(id);
  };

  test('has every denial, with who asked and why, and the id of its row', async () => {
    const denied = judged('ask', 'deny');
    const id = await open();
    await store.decisions.record([decided(denied, { incidentId: id })]);
    const [row] = await rowsOf(id);
    const person = (denied.input as Extract<PolicyInput, { question: 'ask' }>).subject.person;
    expect(await auditOf(id)).toMatchObject([
      {
        kind: 'policy.denied',
        data: {
          decision: row?.id,
          question: 'ask',
          verdict: 'deny',
          bundle: policy.bundle,
          reasons: denied.decision.reasons,
          ...(person && { person }),
        },
      },
    ]);
  });

  test('has every answer about a change', async () => {
    const entries = await kinds(
      [judged('plan', 'needs_approval')],
      [judged('execute', 'allow')],
      [judged('plan', 'deny')],
      [judged('execute', 'deny')],
    );
    expect(entries.map(({ kind }) => kind)).toEqual(['policy.decided', 'policy.decided', 'policy.denied', 'policy.denied']);
  });

  test('has an answer to a question that this module does not know', async () => {
    const { input, ...rest } = judged('plan', 'needs_approval');
    const unknown = { ...input, question: 'another' } as unknown as PolicyInput;
    expect((await kinds([{ ...rest, input: unknown }])).map(({ kind }) => kind)).toEqual(['policy.decided']);
  });

  test('has nothing of what is recorded elsewhere: reads, askers and votes that are allowed', async () => {
    expect(await kinds([judged('read', 'allow')], [judged('ask', 'allow')], [judged('vote', 'allow')])).toEqual([]);
  });

  test('goes to the mirrors where a change is refused, and not where a read is', async () => {
    const mirrored = async (question: PolicyInput['question']) => {
      const id = await open();
      await store.decisions.record([decided(judged(question, 'deny'), { incidentId: id })]);
      return (await db.force(`SELECT kind FROM outbox WHERE incident_id = '${id}' AND kind LIKE 'policy.%'`)).rowCount;
    };
    expect(await Promise.all((['plan', 'execute', 'read', 'vote'] as const).map(mirrored))).toEqual([2, 2, 0, 0]);
  });
});

test('a decision stays only with the change that it allowed', async () => {
  const judgedAsk = judged('ask', 'allow');
  const count = async () => (await db.force('SELECT count(*)::int AS n FROM policy_decisions')).rows[0]?.n;
  const before = await count();
  const { incident } = await store.incidents.open(newIncident(), alice, judgedAsk);
  expect(await rowsOf(incident.id)).toMatchObject([{ question: 'ask', verdict: 'allow', incidentId: incident.id }]);
  const broken = inTransaction(db.pool, async (tx) => {
    await recordDecisions(tx, store, [decided(judgedAsk, { incidentId: null })]);
    throw new Error('the change fails');
  });
  await expect(broken).rejects.toThrow('the change fails');
  // The incident brought one; what failed brought none.
  expect(await count()).toBe(before + 1);
});

test('a row of a plan is of an incident too, and no row changes', async () => {
  const bad = { ...decided(judged('plan', 'needs_approval'), { incidentId: null }), planId };
  await expect(store.decisions.record([bad])).rejects.toMatchObject({ constraint: 'policy_decisions_plan_has_incident' });
  await expect(db.force("UPDATE policy_decisions SET bundle = 'x'")).rejects.toThrow('append-only');
  await expect(
    db.force("INSERT INTO policy_decisions (id, bundle, input, result, at, verdict) VALUES ('x', 'x', '{}', '{}', now(), 'allow')"),
  ).rejects.toThrow();
});

test('they are found by incident, plan, question, verdict and time, newest first, page by page', async () => {
  const start = Date.UTC(2030, 0, 1);
  for (let i = 0; i < 5; i += 1) {
    const later = db.store({ now: () => new Date(start + i * 1_000) });
    await later.decisions.record([decided(judged('vote', i % 2 === 0 ? 'allow' : 'deny'), { incidentId, planId, stepId: `s${i}` })]);
  }
  const steps = async (...request: Parameters<Store['decisions']['list']>) =>
    (await store.decisions.list(...request)).map(({ stepId }) => stepId);
  expect(await steps({ planId, question: 'vote' }, null, 10)).toEqual(['s4', 's3', 's2', 's1', 's0']);
  expect(await steps({ incidentId, verdict: 'deny' }, null, 10)).toEqual(['s3', 's1']);
  expect(await steps({ since: new Date(start + 3_000) }, null, 10)).toEqual(['s4', 's3']);
  const [, second] = await store.decisions.list({ planId, question: 'vote' }, null, 2);
  expect(await steps({ planId, question: 'vote' }, second?.id ?? '', 2)).toEqual(['s2', 's1']);
});
