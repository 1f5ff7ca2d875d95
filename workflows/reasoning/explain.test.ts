import { expect, test } from 'vitest';
import { explanationWords } from './explain.ts';
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
