import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seed } from '../model/seed.ts';
import { scenarioNamed } from '../scenarios/index.ts';
import { answer } from './api.ts';
import { BadExpression } from './expression.ts';
import { parseExpression } from './parse.ts';

const now = Date.UTC(2030, 0, 1);
const state = seed(scenarioNamed('bad-rollout'), now);
const query = (text: string) =>
  answer(state, '/api/v1/query', new URLSearchParams({ query: text }), now) as {
    status: number;
    body: { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
  };
const values = (text: string) => query(text).body.data.result.map(({ value }) => Number(value[1]));

it.each([
  ['a selector', 'kube_deployment_status_replicas_available{deployment="checkout"}', [2]],
  ['arithmetic between series', 'kube_deployment_spec_replicas{deployment="checkout"} - kube_deployment_status_replicas_available', [2]],
  ['precedence', 'vector(2) + 3 * 4', [14]],
  ['a comparison that filters', 'kube_deployment_status_replicas_available < 3 > 2', []],
  ['a fallback', 'sum(nonexistent) or vector(0)', [0]],
  ['grouping after the argument', 'count(up) by (job) == 5', [5]],
  ['a negated match', 'count(kube_deployment_spec_replicas{deployment!~"cart|catalog"})', [3]],
])('evaluates %s', (_, text, expected) => {
  expect(values(text)).toEqual(expected);
});

it('answers a rate per code', () => {
  const [total = 0] = values('sum(rate(http_requests_total{service="checkout"}[5m]))');
  expect(total).toBeCloseTo(40, 5);
  expect(values('sum(increase(http_requests_total{service="checkout"}[5m]))')[0]).toBeCloseTo(40 * 300, 3);
});

it.each(['histogram_quantile(0.9, x)', 'rate(x)', 'x[5m]', 'x offset 5m', 'sum(', '{}', 'x{a="b"', 'topk(1, x)', 'x{a=~"(a"}', ''])(
  'refuses %s as bad_data',
  (text) => {
    expect(query(text)).toMatchObject({
      status: 400,
      body: {
        status: 'error',
        errorType: 'bad_data',
        error: expect.stringContaining('the simulated estate does not evaluate this expression'),
      },
    });
  },
);

it('refuses every other text with BadExpression and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      try {
        parseExpression(text);
      } catch (error) {
        expect(error).toBeInstanceOf(BadExpression);
      }
    }),
  );
});
