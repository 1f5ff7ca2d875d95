import { expect, test } from 'vitest';
import { acceptHypotheses, type Hypotheses } from './hypotheses.ts';
import { hypothesis, judging, log, metric } from './reasoning-testing.ts';

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
