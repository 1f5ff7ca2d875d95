import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentHash } from '../../tools/canonical.ts';
import { memoryOf, quiet } from '../../workflows/activities/remember.ts';
import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Incident, Outcome } from '../../workflows/contracts/incident.ts';
import { alice, decisionOf, findingOf, newIncident, observationOf, planOf } from './fixtures.ts';
import type { NewIncident } from './incidents.ts';
import { createMemoryStore } from './memories.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase, testRedactor } from './testing.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());

type Told = Partial<Finding> & { readonly incident?: Partial<NewIncident>; readonly goal?: string; readonly outcome?: Outcome };

async function opened({ incident: change, ...finding }: Told): Promise<{ incident: Incident; found: Finding; observation: string }> {
  const { incident } = await store.incidents.open(newIncident(change), alice);
  const observation = await store.observations.put(observationOf(incident.id));
  const { goal: _, outcome: __, ...rest } = finding;
  const found = findingOf(observation, rest);
  await store.findings.save(incident.id, [found]);
  return { incident, found, observation };
}

/** An incident that was investigated, changed and closed. */
async function ended(told: Told): Promise<string> {
  const { incident, found, observation } = await opened(told);
  const plan = planOf(incident.id, observation, { findings: [found.id], goal: told.goal ?? 'Return checkout to revision 2' });
  await store.plans.save(plan, contentHash(plan), decisionOf(plan));
  const closed = await store.incidents.close(incident.id, told.outcome ?? 'resolved', 'done');
  const memory = memoryOf(closed, await store.plans.get(plan.id), [found]);
  if (memory !== null) await store.memories.remember(memory);
  return incident.id;
}

const ids = async (incidentId: string) => (await store.memories.similar(incidentId)).map((one) => one.incidentId);
const cause = (name: string) => ({
  cause: name,
  entity: { site: 'shop', kind: 'deployment', namespace: 'shop', name },
  incident: { service: name, title: `${name} fails` },
});

test('of like incidents the likest comes first, with cause, fix, outcome and what they have in common', async () => {
  const other = await ended({ ...cause('oom_killed'), incident: { service: 'cart', title: 'cart dies' }, outcome: 'rolled_back' as const });
  const same = await ended({ ...cause('oom_killed'), goal: 'Raise the memory limit' });
  await ended({ ...cause('quota_pods'), incident: { service: 'search', title: 'nothing of search starts' } });
  const { incident } = await opened(cause('oom_killed'));
  const similar = await store.memories.similar(incident.id);
  expect(similar.map((one) => one.incidentId)).toEqual([same, other]);
  expect(similar[0]).toMatchObject({
    fix: 'Raise the memory limit',
    outcome: 'resolved',
    because: ['same cause', 'same entity', 'same service', 'similar words'],
  });
  expect(similar[1]).toMatchObject({ outcome: 'rolled_back', because: ['same cause', 'same entity'] });
});

test('words alone make nothing similar: a name or a cause has to be the same', async () => {
  await ended({ ...cause('words_a'), incident: { service: 'alpha', title: 'unusual zebra trouble' } });
  const { incident } = await opened({ ...cause('words_b'), incident: { service: 'beta', title: 'unusual zebra trouble' } });
  expect(await ids(incident.id)).toEqual([]);
});

test('only what changed something is remembered, once per end, and nothing of what began later', async () => {
  const { incident: earlier } = await opened(cause('late_cause'));
  const id = await ended(cause('late_cause'));
  expect(await ids(earlier.id)).toEqual([]);
  await ended({ ...cause('unchanged'), outcome: 'unknown' });
  const { incident } = await opened(cause('unchanged'));
  expect(await ids(incident.id)).toEqual([]);
  const audited = await store.audit.list({ incidentId: id, kind: 'memory.kept' }, 0, 10);
  expect(audited).toHaveLength(1);
});

test('what a person marks as wrong is shown no more, stays so, and is audited once', async () => {
  const id = await ended(cause('wrong_memory'));
  const { incident } = await opened(cause('wrong_memory'));
  expect(await ids(incident.id)).toEqual([id]);
  await store.memories.retract(id, alice, 'it was the database');
  expect((await store.memories.retract(id, alice, 'again')).retracted).toMatchObject({ by: 'alice', because: 'it was the database' });
  const [kept] = await store.memories.list(1, null);
  if (kept !== undefined) await store.memories.remember({ ...kept, incidentId: id, at: new Date().toISOString() });
  expect(await ids(incident.id)).toEqual([]);
  expect(await store.audit.list({ incidentId: id, kind: 'memory.retracted' }, 0, 10)).toHaveLength(1);
  await expect(store.memories.retract('nothing', alice, 'x')).rejects.toMatchObject({ code: 'not_found' });
});

test('secrets are masked before they are written', async () => {
  await ended({ ...cause('masked'), title: 'login with hunter2 fails', goal: 'take hunter2 away', incident: { title: 'hunter2 leaked' } });
  const { rowCount } = await db.force("SELECT FROM incident_memories WHERE (title || cause || fix || words::text) LIKE '%hunter2%'");
  expect(rowCount).toBe(0);
});

test('what is older than configured is forgotten; 0 days remember nothing', async () => {
  const id = await ended(cause('forgotten'));
  const in400Days = () => new Date(Date.now() + 400 * 86_400_000);
  const later = createMemoryStore(db.pool, { record: store.record, redact: testRedactor, now: in400Days }, 365);
  const { incident } = await opened(cause('forgotten'));
  expect(await later.similar(incident.id)).toEqual([]);
  expect(await later.list(10, null)).toEqual([]);
  const off = createMemoryStore(db.pool, { record: store.record, redact: testRedactor, now: store.now }, 0);
  expect(await off.similar(incident.id)).toEqual([]);
  const [kept] = await store.memories.list(1, null);
  if (kept !== undefined) await off.remember({ ...kept, at: new Date().toISOString() });
  expect((await db.force(`SELECT FROM incident_memories WHERE incident_id = '${id}'`)).rowCount).toBe(0);
});

test.each([
  ['see https://evil.example/x and www.evil.example', 'see link removed and link removed'],
  ['[approve](javascript:alert(1)) <!channel> <@U123|bob>', 'approve) link removed link removed'],
  ['**bold** `code` <b>tag</b> ![x](data:text/html;base64,AA)', 'bold code btag/b x'],
  ['two\nlines\u202e and\tmore', 'two lines and more'],
])('%s is inert', (text, words) => expect(quiet(text)).toBe(words));
