import { expect, test } from 'vitest';
import type { Observation } from '../../tools/contract.ts';
import { dataClassOf, shownOf } from './evidence.ts';

test('an observation is shown by its typed output, or as its program prints', () => {
  const body = { status: 'ok', output: { text: 'a' }, stdout: 'a line', stderr: '' } as unknown as Observation;
  expect(shownOf([{ id: 'c'.repeat(64), body }])).toEqual([{ alias: 'o-cccccccccc', id: 'c'.repeat(64), text: 'a line' }]);
});

test.each([
  ['kubernetes.get', 'manifest'],
  ['kubernetes.events', 'event'],
  ['kubernetes.logs', 'log'],
  ['argocd.app_logs', 'log'],
  ['argocd.app_get', 'manifest'],
  ['prometheus.query', 'metric'],
  ['unheard.of', 'log'],
])('%s is a %s to the policy of what may leave', (operation, dataClass) => {
  expect(dataClassOf(operation)).toBe(dataClass);
});
