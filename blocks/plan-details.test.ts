import { expect, test } from 'vitest';
import { planDetails } from './plan-details.ts';
import { links, readable, shown } from './testing.ts';

test('details name the preconditions, the evidence before, and the whole request hash', () => {
  const text = readable(planDetails(shown, links));
  expect(text).toContain('Runs only while `/generation eq 3`');
  expect(text).toContain('<https://wk.example/observations/');
  expect(text).toContain(shown.requestHash);
});
