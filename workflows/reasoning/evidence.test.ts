import { expect, test } from 'vitest';
import type { Observation } from '../../tools/contract.ts';
import { shownOf } from './evidence.ts';

test('an observation is shown by its typed output, or as its program prints', () => {
  const body = { status: 'ok', output: { text: 'a' }, stdout: 'a line', stderr: '' } as unknown as Observation;
  expect(shownOf([{ id: 'c'.repeat(64), body }])).toEqual([{ alias: 'o-cccccccccc', id: 'c'.repeat(64), text: 'a line' }]);
});
