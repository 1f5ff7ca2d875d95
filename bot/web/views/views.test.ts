import { describe, expect, test } from 'vitest';
import { contentHash } from '../../../tools/canonical.ts';
import type { Plan } from '../../../workflows/contracts/plan.ts';
import { Problem } from '../../api/problem.ts';
import { planOf, voteOf } from '../../store/fixtures.ts';
import { failure } from './errors.ts';
import { evidence } from './graph.ts';
import { address, outside, pager, table } from './parts.ts';
import { type PlanPage, planView } from './plan.ts';
import { signIn } from './sign-in.ts';

const before = 'b'.repeat(64);
const pageOf = (plan: Plan, change: Partial<PlanPage> = {}): string =>
  planView({
    stored: { plan, requestHash: contentHash(plan), state: 'pending', votes: [], steps: [], breakGlass: null },
    answers: ['approve', 'reject', 'request_changes'],
    viewer: { id: 'ann', roles: ['approver'] },
    token: 'TOKEN',
    typed: {},
    refused: null,
    breakGlass: { roles: ['approver'], maxMinutes: 60 },
    review: null,
    why: { plan: plan.id, items: [], unreadable: 0 },
    nameOf: (id) => `<${id}>`,
    tried: [],
    proofs: new Map(),
    after: 7,
    ...change,
  }).body.html;

test('a plan says at its top what was tried before and did not help, as text', () => {
  const tried = { incidentId: 'inc-0', title: '', service: null, site: null, causes: [], entities: [], cause: '', operations: [] };
  const one = { ...tried, fix: 'Return <b>', outcome: 'failed' as const, at: '2026-01-01T10:00:00.000Z', because: [] };
  const text = pageOf(planOf('inc-1', before), { tried: [one] });
  expect(text).toContain('<a href="/incidents/inc-0">2026-01-01 10:00 UTC, Return &lt;b&gt;: it failed</a>');
  expect(text.indexOf('did not help')).toBeLessThan(text.indexOf('id="steps"'));
});

test('what was masked is marked, wherever it stands, and nothing else is', () => {
  const { html } = outside('a [redacted:password:0123abcd]<b>[redacted:x:zz] [redacted:jwt:ffffffff]');
  expect(html.replaceAll(/ title="[^"]*"/g, '')).toBe(
    'a <mark>[redacted:password:0123abcd]</mark>&lt;b&gt;[redacted:x:zz] <mark>[redacted:jwt:ffffffff]</mark>',
  );
});

test('a table without rows is a sentence, and its cells say on a phone what they are', () => {
  const options = { caption: 'C', head: ['One', 'Other'], none: 'Nothing.' };
  expect(table({ ...options, rows: [] }).html).toBe('<p class="none">Nothing.</p>');
  expect(table({ ...options, rows: [['<1>', '2']] }).html).toContain('<td data-head="One">&lt;1&gt;</td><td data-head="Other">2</td>');
});

test('addresses leave out what is not set, and quote the rest', () => {
  expect(address('/audit', { actor: 'a&b', kind: '', before: null })).toBe('/audit?actor=a%26b');
  expect(pager(null, null).html).toBe('');
  expect(pager('/audit', null).html).toContain('This is the end.');
});

describe('a plan', () => {
  const plan = planOf('i1', before);

  test('shows exactly what runs, and answers with the hash of that', () => {
    const html = pageOf(plan);
    // Also where it is the answer to a form, it keeps up to date from its own path.
    expect(html).toContain(`data-page="/plans/${plan.id}"`);
    expect(html).toContain('kubectl rollout undo deployment/checkout --to-revision=2');
    expect(html).toContain(`name="requestHash" value="${contentHash(plan)}"`);
    expect(html).toContain('Reason (needed to reject, or to ask for changes)');
    expect(html).toContain('Break the glass');
  });

  test('of high risk takes a reason for each answer', () => {
    expect(pageOf({ ...plan, tier: 'high' })).toContain('Reason (each answer takes one)');
  });

  test.each([
    ['whose answer would not be recorded', { answers: [] }, 'You cannot answer this one.'],
    [
      'that nobody can answer any more',
      { stored: { plan, requestHash: 'x', state: 'expired', votes: [], steps: [], breakGlass: null } },
      'Expired: nothing was changed.',
    ],
  ] as const)('%s has no buttons', (_name, change, words) => {
    const html = pageOf(plan, { ...change, breakGlass: null } as Partial<PlanPage>);
    expect(html).toContain(words);
    expect(html).not.toContain('<button');
  });

  test('says who said what, and nobody’s name is markup', () => {
    const stored = {
      plan,
      requestHash: 'x',
      state: 'pending',
      votes: [voteOf(plan, 'ben', { reason: '<i>' })],
      steps: [],
      breakGlass: null,
    } as const;
    const html = pageOf(plan, { stored });
    expect(html).toContain('&lt;ben&gt;');
    expect(html).toContain('<td data-head="Reason">&lt;i&gt;</td>');
  });

  test('that lacks a reason says so at its field, which has the focus; any other refusal stands above, and has it', () => {
    const refused = { code: 'no_reason', message: 'Please <give> a reason.' };
    const at = pageOf(plan, { refused });
    expect(at).toMatch(/<form [^>]*votes">.*<p [^>]*role="alert" id="no-reason">Please &lt;give&gt; a reason\.<\/p>.*<\/form>/s);
    expect(at).toMatch(/<textarea name="reason" [^>]*aria-invalid="true" aria-describedby="no-reason" autofocus>/);
    expect(at.match(/autofocus|role="alert"/g)).toHaveLength(2);
    for (const other of [pageOf(plan, { refused: { ...refused, code: 'stale' } }), pageOf(plan, { refused, answers: [] })]) {
      expect(other).toMatch(/role="alert" tabindex="-1" autofocus>Please &lt;give&gt; a reason\.<.*<dl/s);
      expect(other).not.toContain('aria-invalid');
    }
  });

  test('says of each answer of policy where its proof is, or that it has none', () => {
    const approvals = { needed: 0, roles: [], excludeRequester: true, groups: [] };
    const item = { at: '2026-01-01T00:00:00.000Z', step: null, why: [], bundle: 'b', tier: 'medium', approvals };
    const items = [
      { ...item, id: 'd1', question: 'plan', verdict: 'needs_approval' },
      { ...item, id: 'd2', question: 'tally', verdict: 'allow' },
      { ...item, id: 'd3', question: 'execute', verdict: 'allow' },
    ] as const;
    const html = pageOf(plan, { why: { plan: plan.id, items: [...items], unreadable: 0 }, proofs: new Map([['d1', 'e1']]) });
    const cells = [...html.matchAll(/data-head="Proof">(.*?)<\/td>/g)].map(([, cell]) =>
      (cell ?? '').replaceAll(/ aria-label="[^"]*"/g, ''),
    );
    expect(cells).toEqual([
      '<a href="/audit/entries/by-id/e1">Proof</a>',
      '<span class="quiet">none: <span class="one">no entry</span></span>',
      // There is one: the page has not found it.
      '<a href="/audit">In the log</a>',
    ]);
    expect(html).toContain('Denials, and answers about a change, are entries of the audit log');
  });

  test('offers break-glass to nobody without the role, and not at all where it is off', () => {
    expect(pageOf(plan, { viewer: { id: 'vic', roles: ['viewer'] } })).not.toContain('Break the glass');
    expect(pageOf(plan, { breakGlass: null })).not.toContain('Break the glass');
  });
});

test('a fault of ours tells nothing but the number of the request', () => {
  expect(failure(null, 'r1')).toMatchObject({ status: 500 });
  expect(failure(null, 'r1').body.html).toContain('It is in the log.');
  expect(failure(new Problem(409, 'x', '<said>'), 'r1').body.html).toContain('&lt;said&gt;');
});

test.each([
  [{ kind: 'no_issuer' }, 'OIDC_ISSUER'],
  [{ kind: 'no_address' }, 'PUBLIC_URL'],
] as const)('the sign-in page says what an administrator has to do: %j', (state, words) => {
  expect(signIn(state)).toMatchObject({ status: 503 });
  expect(signIn(state).body.html).toContain(words);
});

describe('the evidence graph', () => {
  const node = { state: 'ok', detail: null, confidence: null, at: null };
  const graph = {
    nodes: [
      { ...node, id: 'a"><script>', kind: 'observation' as const, label: '</text><script>alert(1)</script>' },
      { ...node, id: 'f', kind: 'finding' as const, label: 'it crashes', confidence: 0.9 },
      { ...node, id: 'p/s1', kind: 'step' as const, label: 'undo' },
      { ...node, id: 'aside', kind: 'observation' as const, label: 'nobody refers to it' },
    ],
    edges: [
      { from: 'a"><script>', to: 'f', relation: 'contradicts' as const, note: '<b>no</b>' },
      { from: 'f', to: 'p/s1', relation: 'caused' as const, note: null },
    ],
  };

  test('says everything twice: drawn, and in words with links; what was said by others is text', async () => {
    const { html } = await evidence(graph, '/incidents/i/evidence');
    expect(html).not.toMatch(/<script|<b>/);
    expect(html).toMatch(
      /<li data-relation="contradicts">is contradicted by <a href="#node-1">.*<\/a>: <q>&lt;b&gt;no&lt;\/b&gt;<\/q><\/li>/,
    );
    expect(html).toContain('href="/plans/p#step-s1"');
    expect([...html.matchAll(/data-from="(\d+)" data-to="(\d+)"/g)].map(([, ...ends]) => ends)).toEqual([
      ['1', '2'],
      ['2', '3'],
    ]);
    expect(html).toContain('1 observation more in the list below');
  });

  test('only relations that it has can be left out', async () => {
    const { html } = await evidence(graph, '');
    expect([...html.matchAll(/id="relation-([\w-]+)"/g)].map(([, name]) => name)).toEqual(['contradicts', 'caused']);
  });
});
