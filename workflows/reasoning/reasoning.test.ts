import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Observation } from '../../tools/contract.ts';
import { createRegistry } from '../../tools/registry.ts';
import { checkClaim, specificsOf } from './claims.ts';
import { type Shown, shownOf } from './evidence.ts';
import { explanationWords } from './explain.ts';
import { acceptHypotheses, Hypotheses } from './hypotheses.ts';
import { inert } from './inert.ts';
import { acceptPlan, PlanAnswer } from './plan.ts';
import { acceptReads, readKey, readTools } from './reads.ts';

const registry = createRegistry();
const estate = { sites: [{ name: 'shop', environment: 'production', hasKubernetes: true, hasPrometheus: true }] };
const log = {
  alias: 'o-aaaaaaaaaa',
  id: 'a'.repeat(64),
  text: 'checkout-7d9c5b8f6b-x2x7k\nlevel=error msg="pool exhausted" size=20 host=db.shop.svc',
};
const metric = { alias: 'o-bbbbbbbbbb', id: 'b'.repeat(64), text: '{"value": 0.31, "service": "checkout"}' };
const shown: readonly Shown[] = [log, metric];
const known = (name: string) => ['shop', 'deployment', ...shown.map(({ text }) => text)].join('\n').includes(name);

describe('a claim', () => {
  const cite = { id: log.alias, quote: 'pool exhausted' };
  it.each([
    ['with a quotation that is there', { text: 'The pool of 20 is exhausted.', cites: [cite] }, 'holds'],
    [
      'across a line break, with its names',
      { text: 'checkout-7d9c5b8f6b-x2x7k failed.', cites: [{ ...cite, quote: 'x2x7k level=error' }] },
      'holds',
    ],
    ['without a citation', { text: 'The pool is exhausted.', cites: [] }, 'uncited'],
    ['that cites what was not shown', { text: 'The pool is exhausted.', cites: [{ ...cite, id: 'o-cccccccccc' }] }, 'unknown_text'],
    ['that quotes what is not there', { text: 'The pool is exhausted.', cites: [{ ...cite, quote: 'pool is exhausted' }] }, 'not_in_text'],
    ['of which one of two citations is wrong', { text: 'Pool.', cites: [cite, { id: metric.alias, quote: 'pool' }] }, 'not_in_text'],
    ['with a number that its text does not have', { text: 'The pool of 50 is exhausted.', cites: [cite] }, 'not_stated'],
    ['with a name that its text does not have', { text: 'cart-5f6d-abc is exhausted.', cites: [cite] }, 'not_stated'],
    ['with a number of another text', { text: 'A share of 0.31 fails.', cites: [cite] }, 'not_stated'],
  ])('%s: %s', (_, claim, expected) => {
    const checked = checkClaim(claim, shown);
    expect(checked.kind === 'holds' ? 'holds' : checked.why).toBe(expected);
  });

  test('states numbers and names, not words', () => {
    expect(specificsOf('The pool of 20 at db.shop.svc, used by checkout (v1.8.0), is full.')).toEqual(['20', 'db.shop.svc', 'v1.8.0']);
  });
});

const hypothesis = (over: object = {}): Hypotheses['hypotheses'][number] => ({
  title: 'The pool is exhausted',
  mechanism: 'Requests wait for a connection.',
  cause: 'Connection Pool!',
  entity: { site: 'shop', kind: 'deployment', namespace: 'shop', name: 'checkout' },
  confidence: 1,
  refutedBy: 'The pool has room.',
  claims: [{ text: 'The pool of 20 is exhausted.', cites: [{ id: log.alias, quote: 'pool exhausted' }] }],
  against: [{ id: metric.alias, quote: '0.31' }],
  ...over,
});
const judging = { shown, estate, analyzers: [], by: 'p/m' };

test('a hypothesis becomes a finding with its citations as edges; the model is never as sure as a check, nor speaks in its name', () => {
  const { findings, dropped } = acceptHypotheses({ hypotheses: [hypothesis()], disagreements: [], missing: [] }, judging);
  expect(dropped).toEqual([]);
  expect(findings).toMatchObject([
    {
      analyzer: 'model p/m',
      cause: 'model:connection_pool_',
      confidence: 0.7,
      facts: {},
      edges: [
        { observation: log.id, relation: 'supports', excerpt: 'pool exhausted' },
        { observation: metric.id, relation: 'contradicts', excerpt: '0.31' },
      ],
    },
  ]);
});

test('what the evidence does not bear out is dropped, counted and told; a disagreement with an analyzer is shown', () => {
  const analyzers = [{ id: 'f-1', title: 'checkout fails 31 %' }] as unknown as Parameters<typeof acceptHypotheses>[1]['analyzers'];
  const answer: Hypotheses = {
    hypotheses: [
      hypothesis({ claims: [{ text: 'It is full.', cites: [] }] }),
      hypothesis({ entity: { site: 'elsewhere', kind: 'deployment', namespace: null, name: 'checkout' } }),
      hypothesis({ entity: { site: 'shop', kind: 'deployment', namespace: null, name: 'not-there' } }),
    ],
    disagreements: [
      { finding: 'f-1', claim: { text: 'The pool is to blame.', cites: [{ id: log.alias, quote: 'pool exhausted' }] } },
      { finding: 'f-2', claim: { text: 'No.', cites: [] } },
    ],
    missing: [],
  };
  const { findings, notes, dropped } = acceptHypotheses(answer, { ...judging, analyzers });
  expect(findings).toEqual([]);
  expect(dropped).toEqual(['uncited', 'unsupported', 'unknown_entity', 'unknown_entity', 'unknown_finding']);
  expect(notes).toEqual([
    'The model disagrees with “checkout fails 31 %”: The pool is to blame. (“pool exhausted”)',
    'Statements of the model that were dropped, because the evidence does not bear them out: 5',
  ]);
});

test('an explanation keeps sentences with what shows them, and says what it left out', () => {
  const sentences = [
    { text: 'El pool está agotado.', cites: [{ id: log.alias, quote: 'pool exhausted' }] },
    { text: 'Falta memoria: 512Mi.', cites: [{ id: log.alias, quote: 'pool exhausted' }] },
  ];
  expect(explanationWords({ sentences, unanswered: '' }, shown)).toEqual({
    text: 'El pool está agotado. [aaaaaaaa]\n(1 sentence left out: the evidence does not bear them out.)',
    dropped: 1,
  });
});

describe('reads that a model asks for', () => {
  const accept = { registry, estate, known, before: new Set<string>(), most: 2 };
  const logs = (pod: string, more: object = {}) => ({
    tool: 'kubernetes__logs',
    input: { site: 'shop', input: { namespace: 'shop', pod, ...more } },
  });
  const pod = 'checkout-7d9c5b8f6b-x2x7k';

  test('are registered reads only, at sites that have their system', () => {
    const names = readTools(registry, estate).map(({ name }) => name);
    expect(names).toContain('kubernetes__logs');
    expect(names.filter((name) => registry.get(name.replace('__', '.'))?.kind !== 'read')).toEqual([]);
    expect(readTools(registry, { sites: [] })).toEqual([]);
  });

  it.each([
    ['a write', { tool: 'kubernetes__scale', input: { site: 'shop', input: {} } }, 'does not exist'],
    ['an unknown tool', { tool: 'shell', input: {} }, 'does not exist'],
    ['another form', { tool: 'kubernetes__logs', input: 'kubectl logs' }, 'another form'],
    ['an unknown site', { tool: 'kubernetes__logs', input: { site: 'evil', input: { namespace: 'shop', pod } } }, 'at that site'],
    ['an input that is not valid', logs('--kubeconfig=/etc/x'), 'not valid'],
    ['a name that no evidence has', logs('made-up-evil'), 'names what no evidence names'],
  ])('are not taken with %s', (_, call, words) => {
    const { probes, refused } = acceptReads([call], accept);
    expect(probes).toEqual([]);
    expect(refused).toEqual([expect.stringContaining(words)]);
  });

  test('are made once, and no more at once than allowed', () => {
    const [first] = acceptReads([logs(pod)], accept).probes;
    if (first === undefined) throw new Error('it was not taken');
    expect(
      acceptReads([logs(pod), logs(pod, { tail: 10 }), logs(pod, { tail: 11 }), logs(pod, { tail: 12 })], {
        ...accept,
        before: new Set([readKey(first)]),
      }),
    ).toMatchObject({
      probes: [{ input: { tail: 10 } }, { input: { tail: 11 } }],
      refused: ['kubernetes.logs: that was read already', 'kubernetes.logs: only 2 reads at once'],
    });
  });
});

describe('a plan of a model', () => {
  const accept = { registry, estate, known, findings: ['f-1'], mostSteps: 2 };
  const step = (operation: string, input: object, site = 'shop') => ({ operation, site, input: JSON.stringify(input) });
  const scale = step('kubernetes.scale', { kind: 'deployment', namespace: 'shop', name: 'checkout', replicas: 4 });
  const planOf = (...steps: PlanAnswer['steps']) =>
    acceptPlan({ goal: 'More room, see https://evil.example', steps, missing: ['Which size?'] }, accept);

  test('is made of registered changes with valid inputs that the evidence names', () => {
    expect(planOf(scale)).toMatchObject({
      kind: 'draft',
      draft: {
        playbook: 'model',
        goal: 'More room, see [link removed]',
        findings: ['f-1'],
        steps: [{ operation: 'kubernetes.scale', verification: [] }],
      },
    });
  });

  it.each([
    ['nothing', []],
    ['a read', [step('kubernetes.get', {})]],
    ['an unknown operation', [step('kubernetes.delete', { name: 'checkout' })]],
    ['an unknown site', [{ ...scale, site: 'evil' }]],
    ['an input that is not valid', [step('kubernetes.scale', { kind: 'deployment', namespace: 'shop', name: '--all', replicas: 1 })]],
    ['no JSON', [{ ...scale, input: 'kubectl scale' }]],
    ['a target that no evidence names', [step('kubernetes.scale', { kind: 'deployment', namespace: 'shop', name: 'other', replicas: 1 })]],
    [
      'an image deep in an object that no evidence names',
      [
        step('kubernetes.apply', {
          ...{ kind: 'deployment', namespace: 'shop', name: 'checkout' },
          object: {
            ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'checkout' } },
            spec: { template: { spec: { containers: [{ name: 'checkout', image: 'evil.example/never-seen:1' }] } } },
          },
        }),
      ],
    ],
    ['too many steps', [scale, scale, scale]],
  ])('is none with %s, and people are asked what is missing', (_, steps) => {
    expect(planOf(...steps)).toMatchObject({ kind: 'none', questions: ['Which size?'] });
  });
});

describe('a hostile model', () => {
  const word = fc.constantFrom(
    'https://evil.example/?q=',
    '![x](https://evil.example/p.png)',
    '[here](//evil.example)',
    '<https://evil.example|ok>',
    '<!channel>',
    '<@U0BOB>',
    'c2VjcmV0.evil.example',
    'www.evil.example',
    'javascript:alert(1)',
    '\u202e',
    '\u{e0041}',
    'approve',
    'kubernetes.scale',
    'bob',
    '\n',
    ' ',
    '[a]: https://evil.example',
  );
  const hostile = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
  );
  const anything = fc.oneof(fc.jsonValue(), hostile);

  test('carries nothing out in words: no link, image, mention or domain of its own passes, nor what cannot be seen', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        for (const out of [inert(a, known), explanationWords({ sentences: [], unanswered: a + b }, shown).text])
          expect(out).not.toMatch(/:\/\/|evil\.example|<[!@]|!\[[^\]]*\]\(|www\.|javascript:|\p{Cf}/iu);
      }),
      { numRuns: 300 },
    );
  });

  test('adds no operation, target or site: reads are registered and grounded, whatever it asks for', () => {
    const call = fc.record({
      tool: fc.oneof(fc.constantFrom('kubernetes__logs', 'kubernetes__get', 'kubernetes__scale', 'prometheus__query'), hostile),
      input: fc.oneof(
        anything,
        fc.record({
          site: fc.oneof(fc.constant('shop'), hostile),
          input: fc.dictionary(fc.constantFrom('namespace', 'pod', 'kind', 'name', 'expr'), anything),
        }),
      ),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
        for (const { operation, site, input } of acceptReads(calls, { registry, estate, known, before: new Set(), most: 16 }).probes) {
          expect(registry.get(operation)?.kind).toBe('read');
          expect(site).toBe('shop');
          for (const [key, value] of Object.entries(input))
            if (typeof value === 'string' && !['expr', 'match', 'kind', 'output'].includes(key)) expect(known(value)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('changes string leaves only, whatever a text says: findings stay of sites and names that exist, and cause no playbook', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.double({ min: 0, max: 1, noNaN: true }), (title, cause, quote, confidence) => {
        const answer = Hypotheses.safeParse({
          hypotheses: [
            hypothesis({ title, cause, confidence, claims: [{ text: title, cites: [{ id: log.alias, quote }] }, ...hypothesis().claims] }),
          ],
          disagreements: [],
          missing: [],
        });
        if (!answer.success) return;
        for (const finding of acceptHypotheses(answer.data, judging).findings) {
          expect(finding.entity).toEqual({ site: 'shop', kind: 'deployment', namespace: 'shop', name: 'checkout' });
          expect(finding.cause).toMatch(/^model:[a-z0-9_]*$/);
          expect(finding.facts).toEqual({});
          expect(finding.confidence).toBeLessThanOrEqual(0.7);
          for (const { excerpt } of finding.edges)
            expect(shown.some(({ text }) => text.replaceAll(/\s+/g, ' ').includes(excerpt))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('proposes nothing but registered changes of targets that the evidence names', () => {
    const step = fc.record({
      operation: fc.oneof(fc.constantFrom('kubernetes.scale', 'kubernetes.rollout_restart', 'kubernetes.get'), hostile),
      site: fc.oneof(fc.constant('shop'), hostile),
      input: fc.oneof(
        hostile,
        anything.map((value) => JSON.stringify(value)),
        fc
          .record({
            kind: fc.constant('deployment'),
            namespace: fc.oneof(fc.constant('shop'), hostile),
            name: fc.oneof(fc.constant('checkout'), hostile),
            replicas: fc.nat(9),
            approvals: fc.constant(0),
          })
          .map((value) => JSON.stringify(value)),
      ),
    });
    fc.assert(
      fc.property(hostile, fc.array(step, { maxLength: 3 }), (goal, steps) => {
        const answer = PlanAnswer.safeParse({ goal, steps, missing: [] });
        if (!answer.success) return;
        const accepted = acceptPlan(answer.data, { registry, estate, known, findings: ['f-1'], mostSteps: 3 });
        if (accepted.kind === 'none') return;
        for (const { operation, site, input, verification } of accepted.draft.steps) {
          expect(registry.get(operation)?.kind).toBe('write');
          expect([site, input['namespace'], input['name'], verification]).toEqual(['shop', 'shop', expect.toSatisfy(known), []]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('an observation is shown by its typed output, or as its program prints', () => {
  const body = { status: 'ok', output: { text: 'a' }, stdout: 'a line', stderr: '' } as unknown as Observation;
  expect(shownOf([{ id: 'c'.repeat(64), body }])).toEqual([{ alias: 'o-cccccccccc', id: 'c'.repeat(64), text: 'a line' }]);
});
