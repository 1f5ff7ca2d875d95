import { expect, test } from 'vitest';
import { asksForSummary, explanationWords } from './explain.ts';
import { log, shown } from './reasoning-testing.ts';

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

test.each([
  ['summary', true],
  ['Summarize this for the stakeholders, please', true],
  ['please summarise', true],
  ['TL;DR', true],
  ['status update for the leads?', true],
  ['what does the summary of the pods say?', false],
  ['why does checkout fail?', false],
])('%s: asks for a summary %s', (text, asks) => {
  expect(asksForSummary(text)).toBe(asks);
});
