import { expect, test } from 'vitest';
import { createServiceGraph } from './graph.ts';

const graph = createServiceGraph([
  { name: 'frontend', dependsOn: ['checkout', 'catalog'] },
  { name: 'checkout', dependsOn: ['payment'] },
  { name: 'catalog', dependsOn: [] },
  { name: 'payment', dependsOn: [] },
  { name: 'batch', dependsOn: [] },
]);

test('what a service needs, and what suffers with it, by the number of calls between', () => {
  expect([...graph.upstream('frontend')]).toEqual([
    ['checkout', 1],
    ['catalog', 1],
    ['payment', 2],
  ]);
  expect([...graph.downstream('payment')]).toEqual([
    ['checkout', 1],
    ['frontend', 2],
  ]);
  expect([...graph.upstream('payment')]).toEqual([]);
});

test('services that are connected by whatever calls are one component; an unknown one is its own', () => {
  expect(new Set(['frontend', 'checkout', 'catalog', 'payment'].map(graph.component)).size).toBe(1);
  expect(graph.component('batch')).toBe('batch');
  expect(graph.component('unheard-of')).toBe('unheard-of');
});

test('a cycle ends', () => {
  const cycle = createServiceGraph([
    { name: 'a', dependsOn: ['b'] },
    { name: 'b', dependsOn: ['a'] },
  ]);
  expect([...cycle.upstream('a')]).toEqual([['b', 1]]);
  expect([...cycle.downstream('a')]).toEqual([['b', 1]]);
});
