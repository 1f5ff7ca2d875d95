import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../tools/canonical.ts';
import { parseCheckpoint } from '../audit/checkpoint.ts';
import { parseVerifier, signedBy } from '../audit/note.ts';
import { verifyConsistency, verifyInclusion } from '../audit/proof.ts';
import { createTestLog, say, sayMany, type TestLog } from '../audit/testing.ts';
import { leafHash } from '../audit/tree.ts';
import { recordedOfIncident, recordedOfPlan } from '../store/audit-recorded.ts';
import { seed, voteOf } from '../store/fixtures.ts';
import { inTransaction } from '../store/pool.ts';
import { insertVote } from '../store/votes.ts';
import type { ProofAnswer } from './audit-shapes.ts';
import type { EntryAnswer } from './shapes.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
let log: TestLog;
beforeAll(async () => {
  t = await createTestApi();
  log = await createTestLog(t.db.pool);
});
afterAll(() => t.close());

const get = async (url: string, headers: Record<string, string> = {}) => t.call('GET', url, { token: t.admin, headers });
const items = async (query: string): Promise<EntryAnswer[]> => (await get(`/v1/audit/entries?${query}`)).json().items;
const kinds = async (query: string) => (await items(query)).map(({ body }) => body?.kind);

describe('entries', () => {
  test('are filtered and paged', async () => {
    const { incident } = await seed(t.store);
    const first = (await get(`/v1/audit/entries?incident=${incident.id}&limit=2`)).json();
    expect(first.items.map(({ body }: EntryAnswer) => body?.kind)).toEqual(['incident.opened', 'observation.stored']);
    const second = (await get(`/v1/audit/entries?incident=${incident.id}&limit=10&cursor=${first.next}`)).json();
    expect(second.items.map(({ body }: EntryAnswer) => body?.kind)).toEqual(['policy.decided', 'plan.proposed']);
    expect(second.next).toBeNull();
  });

  test('by who, what, when, plan, operation and verdict', async () => {
    const { plan, incident } = await seed(t.store);
    const before = new Date();
    await say(t.db.pool, { kind: 'step.done', actor: { kind: 'system', id: 'zoe' }, ids: { operation: 'kubernetes.scale' }, words: {} });
    await say(t.db.pool, {
      kind: 'step.failed',
      actor: { kind: 'person', id: 'zoe' },
      ids: { operation: 'kubernetes.scaled', verdict: 'odd "one"' },
      words: {},
    });
    // As long as they have no place, and by what is kept for the search once they have.
    for (const settle of [async () => {}, () => log.settle()]) {
      await settle();
      expect(await kinds('actor=zoe')).toEqual(['step.done', 'step.failed']);
      expect(await kinds('actor=person:zoe')).toEqual(['step.failed']);
      expect(await kinds('kind=step.*')).toEqual(['step.done', 'step.failed']);
      expect(await kinds('kind=step.done')).toEqual(['step.done']);
      expect(await kinds('operation=kubernetes.scale')).toEqual(['step.done']);
      expect(await kinds(`verdict=${encodeURIComponent('odd "one"')}`)).toEqual(['step.failed']);
      expect(await kinds(`plan=${plan.id}`)).toEqual(['policy.decided', 'plan.proposed']);
      expect(await kinds(`incident=${incident.id}&to=${before.toISOString()}&kind=plan.*`)).toEqual(['plan.proposed']);
      expect(await kinds(`from=${encodeURIComponent(before.toISOString())}&actor=zoe`)).toHaveLength(2);
      expect(await kinds(`from=${new Date(Date.now() + 1e6).toISOString()}`)).toEqual([]);
      expect(await kinds("actor=' OR 1=1 --")).toEqual([]);
    }
  });

  test('by the ids that messages link to, before they have a place and after', async () => {
    const { plan, incident } = await seed(t.store);
    await inTransaction(t.db.pool, (tx) => insertVote(tx, voteOf(plan, 'bob')));
    const vote = await say(t.db.pool, { incidentId: incident.id, planId: plan.id, ids: { vote: 'v1' } });
    const step = await say(t.db.pool, { kind: 'step.done', incidentId: incident.id, planId: plan.id, ids: { step: 's1' } });
    await t.store.incidents.close(incident.id, 'resolved', 'fine');
    const linked = [...(await recordedOfPlan(t.db.pool, plan.id)), ...(await recordedOfIncident(t.db.pool, incident.id))];
    expect(linked).toMatchObject([
      { kind: 'plan.proposed', vote: null, step: null },
      { id: vote, kind: 'vote.recorded', vote: 'v1', step: null },
      { id: step, kind: 'step.done', vote: null, step: 's1' },
      { kind: 'incident.closed' },
    ]);
    for (const { id, kind } of linked) expect(await items(`id=${id}`)).toMatchObject([{ body: { id, kind } }]);
    expect(await items(`id=${step}`)).toMatchObject([{ seq: null }]);
    await log.settle();
    expect(await items(`id=${step}`)).toMatchObject([{ seq: expect.any(Number) }]);
    for (const id of ['ffffffff-ffff-7fff-bfff-ffffffffffff', '0199c0de-0000-4000-8000-000000000000', step.replace(/.$/, 'g')])
      expect((await get(`/v1/audit/entries?id=${id}`)).json().items ?? []).toEqual([]);
    const plans = await t.db.force(`SET enable_seqscan = off; EXPLAIN SELECT FROM audit_entries WHERE at = now()`);
    expect(JSON.stringify(plans)).toContain('audit_by_time');
  });

  test('without a place come last, with null, and have one later; no page repeats or loses any', async () => {
    await log.settle();
    await sayMany(t.db.pool, 5);
    const all: EntryAnswer[] = [];
    let sequencedInBetween = false;
    for (let next: string | null = '0'; next !== null; ) {
      const page: { items: EntryAnswer[]; next: string | null } = (await get(`/v1/audit/entries?limit=2&cursor=${next}`)).json();
      all.push(...page.items);
      next = page.next;
      if (page.items.some(({ seq }) => seq === null) && !sequencedInBetween) {
        sequencedInBetween = true;
        await log.settle();
      }
    }
    const stored = await t.store.audit.list({}, 0, 10_000);
    expect(all.map(({ body }) => body?.id)).toEqual(stored.map(({ body }) => body.id));
    expect(sequencedInBetween).toBe(true);
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
  });

  test('the last ones, oldest first', async () => {
    await say(t.db.pool, { kind: 'test.waiting' });
    const all = await t.store.audit.list({}, 0, 10_000);
    const last = await items('last=4');
    expect(last.map(({ body }) => body?.id)).toEqual(all.slice(-4).map(({ body }) => body.id));
    expect(last.at(-1)).toMatchObject({ seq: null, body: { kind: 'test.waiting' } });
    expect(await kinds('last=1&kind=plan.proposed')).toEqual(['plan.proposed']);
  });

  test('stream whole as one JSON object a line, each the text that was hashed', async () => {
    const response = await get('/v1/audit/entries', { accept: 'application/x-ndjson' });
    expect(response.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const entries: EntryAnswer[] = response.body
      .trimEnd()
      .split('\n')
      .map((line) => ({ disclosures: {}, ...JSON.parse(line) }));
    const stored = await t.store.audit.list({}, 0, 10_000);
    expect(entries).toEqual(
      JSON.parse(JSON.stringify(stored.map(({ seq, leaf, body, disclosures }) => ({ seq, leaf, body, disclosures })))),
    );
    for (const { leaf, body } of entries) expect(leafHash(Buffer.from(canonicalJson(body)))).toBe(leaf);
  });

  test.each(['cursor=x', 'cursor=-1', 'cursor=e', 'limit=0', 'limit=201', 'last=0', 'from=yesterday', 'kind='])(
    '%s is refused in words',
    async (query) => {
      const response = await get(`/v1/audit/entries?${query}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: expect.stringMatching(/^\//) }] });
    },
  );
});

describe('proofs', () => {
  test('lead each entry to the root of a checkpoint that a published key signed', async () => {
    await sayMany(t.db.pool, 3);
    await log.settle();
    const { origin, keys, items: checkpoints } = (await get('/v1/audit/checkpoints')).json();
    const known = keys.map((text: string) => parseVerifier(text));
    for (const { seq, leaf } of await t.store.audit.list({}, 0, 10_000)) {
      const proof: ProofAnswer = (await get(`/v1/audit/entries/${seq}/proof`)).json();
      const checkpoint = parseCheckpoint(proof.checkpoint);
      if (checkpoint === null) throw new Error('no checkpoint');
      expect(signedBy(checkpoint.note, known)).toBe('good');
      expect(checkpoint).toMatchObject({ origin, size: proof.treeSize });
      expect(proof.leaf).toBe(leaf);
      expect(verifyInclusion({ index: proof.leafIndex, size: proof.treeSize, leaf, proof: proof.hashes, root: checkpoint.root })).toBe(
        true,
      );
    }
    expect(checkpoints[0].note).toBe((await get('/v1/audit/entries/1/proof')).json().checkpoint);
  });

  test('of an entry that is not there, or has no place', async () => {
    for (const [seq, status] of [
      ['999999', 404],
      ['0', 400],
      ['x', 400],
      ['9'.repeat(30), 400],
    ] as const)
      expect((await get(`/v1/audit/entries/${seq}/proof`)).statusCode, seq).toBe(status);
  });

  test('of a checkpoint from outside: the log continues it, with a proof', async () => {
    const { items: checkpoints } = (await get('/v1/audit/checkpoints')).json();
    const [newest, older] = [checkpoints[0], checkpoints.at(-1)].map(({ note }) => parseCheckpoint(note));
    const answer = (await t.call('POST', '/v1/audit/verify', { token: t.admin, body: { checkpoint: checkpoints.at(-1).note } })).json();
    expect(answer).toMatchObject({ ok: true, problem: null, next: null, to: newest?.size });
    const { first, second, hashes } = answer.consistency;
    expect(verifyConsistency({ first, second, proof: hashes, firstRoot: older?.root ?? '', secondRoot: newest?.root ?? '' })).toBe(true);
  });
});

describe('checkpoints', () => {
  test('are paged newest first, and stream oldest first', async () => {
    const page = (await get('/v1/audit/checkpoints?limit=1')).json();
    const rest = (await get(`/v1/audit/checkpoints?cursor=${page.next}&limit=200`)).json();
    const sizes = [...page.items, ...rest.items].map(({ size }: { size: number }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    const lines = (await get('/v1/audit/checkpoints', { accept: 'application/x-ndjson' })).body.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).size)).toEqual(sizes.toReversed());
  });
});

describe('verify', () => {
  test('goes on where it is told to', async () => {
    expect((await t.call('POST', '/v1/audit/verify', { token: t.admin, body: { from: 5 } })).json()).toMatchObject({
      ok: true,
      from: 5,
      next: null,
    });
  });

  test.each([
    [{ from: 0 }, 400],
    [{ from: 1.5 }, 400],
    [{ nope: 1 }, 400],
    [{ checkpoint: 'hello' }, 422],
    [{ checkpoint: `other/log\n1\n${Buffer.alloc(32).toString('base64')}\n\n— other/log AAAAAAAA\n` }, 422],
  ])('%j is refused in words', async (body, status) => {
    const response = await t.call('POST', '/v1/audit/verify', { token: t.admin, body });
    expect(response.statusCode).toBe(status);
    expect(response.json().detail.length).toBeGreaterThan(10);
  });
});
