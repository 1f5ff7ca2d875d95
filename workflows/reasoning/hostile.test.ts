import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explanationWords } from './explain.ts';
import { acceptHypotheses, Hypotheses } from './hypotheses.ts';
import { inert } from './inert.ts';
import { acceptPlan, PlanAnswer } from './plan.ts';
import { acceptReads } from './reads.ts';
import { estate, hypothesis, judging, known, log, registry, shown } from './reasoning-testing.ts';

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
