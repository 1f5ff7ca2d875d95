import { describe, expect, it, test } from 'vitest';
import { checkClaim, specificsOf } from './claims.ts';
import { log, metric, shown } from './reasoning-testing.ts';

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

  const said = { ...log, text: '2026-11-26T17:20:31Z pod-8f12c used 1250Mi of 30.5 % in 250ms, exitCode:137' };
  it.each([
    ['a number that only the time of day has', 'It expired 17 days ago.', false],
    ['a number that is a part of another', 'It used 125 of it.', false],
    ['a number that is a fraction of another', 'It used 30 of it.', false],
    ['a number that a name has', 'It failed 8 times.', false],
    ['a number with its unit', 'It took 250 ms, used 30.5 % and 1250 Mi, and exited with 137.', true],
    ['the time of day', 'It failed at 17:20:31 on 2026-11-26.', true],
    ['a part of a name', 'pod-8 failed.', false],
  ])('%s', (_, text, holds) => {
    expect(checkClaim({ text, cites: [{ id: said.alias, quote: 'exitCode' }] }, [said]).kind).toBe(holds ? 'holds' : 'dropped');
  });

  test('states numbers and names, not words', () => {
    expect(specificsOf('The pool of 20 at db.shop.svc, used by checkout (v1.8.0), is full.')).toEqual(['20', 'db.shop.svc', 'v1.8.0']);
  });
});
