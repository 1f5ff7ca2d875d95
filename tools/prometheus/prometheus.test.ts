import { describe, expect, it } from 'vitest';
import type { ReadOperation } from '../operation.ts';
import { prometheusAlerts } from './alerts.ts';
import { prometheusQuery } from './query.ts';
import { prometheusQueryRange } from './query-range.ts';
import { prometheusRules } from './rules.ts';
import { prometheusSeries } from './series.ts';

function parsed<I, O>(operation: ReadOperation<I, O>, stdout: string, input: unknown): O {
  return operation.output.parse(operation.parse({ exitCode: 0, stdout, stderr: '' }, operation.input.parse(input)));
}

function api(data: unknown): string {
  return JSON.stringify({ status: 'success', data });
}

const vector = [{ metric: { job: 'a' }, value: [1_700_000_000.123, '0.5'] }];

describe('prometheus.query', () => {
  const query = (stdout: string): unknown => parsed(prometheusQuery, stdout, { expr: 'up' });

  it('reads what promtool prints and what the API answers alike', () => {
    const expected = { samples: [{ labels: { job: 'a' }, value: 0.5, at: '2023-11-14T22:13:20.123Z' }], value: 0.5, omitted: 0 };
    expect(query(JSON.stringify(vector))).toEqual(expected);
    expect(query(api({ resultType: 'vector', result: vector }))).toEqual(expected);
  });

  it('reads a scalar', () => {
    expect(query('[1700000000,"7"]\n')).toMatchObject({ value: 7, samples: [{ labels: {} }] });
  });

  it('has no single value of none, of several, and of what is no number', () => {
    expect(query('[]')).toEqual({ samples: [], value: null, omitted: 0 });
    expect(query(JSON.stringify([...vector, ...vector]))).toMatchObject({ value: null });
    expect(query('[1700000000,"NaN"]')).toMatchObject({ value: null, samples: [{ value: null }] });
    expect(query('[1700000000,"+Inf"]')).toMatchObject({ samples: [{ value: null }] });
  });

  it('says how many samples it left out', () => {
    expect(query(JSON.stringify(Array(510).fill(vector[0])))).toMatchObject({ omitted: 10 });
  });

  it('refuses a range vector', () => {
    expect(() => query(JSON.stringify([{ metric: {}, values: [] }]))).toThrow(expect.objectContaining({ code: 'output_malformed' }));
  });
});

describe('prometheus.query_range', () => {
  const input = { expr: 'up', start: '2026-01-02T03:00:00.000Z', end: '2026-01-02T04:00:00.000Z', step: '1m' };

  it('reads series of points', () => {
    const matrix = [
      {
        metric: { job: 'a' },
        values: [
          [1_700_000_000, '1'],
          [1_700_000_060, 'NaN'],
        ],
      },
    ];
    const expected = {
      series: [
        {
          labels: { job: 'a' },
          points: [
            [1_700_000_000, 1],
            [1_700_000_060, null],
          ],
        },
      ],
      omitted: 0,
    };
    expect(parsed(prometheusQueryRange, JSON.stringify(matrix), input)).toEqual(expected);
    expect(parsed(prometheusQueryRange, api({ resultType: 'matrix', result: matrix }), input)).toEqual(expected);
  });

  it('wants a start before the end', () => {
    expect(prometheusQueryRange.input.safeParse({ ...input, end: input.start }).success).toBe(false);
  });
});

it('prometheus.series reads label sets', () => {
  const labels = [{ __name__: 'up', job: 'a' }];
  expect(parsed(prometheusSeries, JSON.stringify(labels), { match: 'up' })).toEqual({ series: labels, omitted: 0 });
  expect(parsed(prometheusSeries, api(labels), { match: 'up' })).toEqual({ series: labels, omitted: 0 });
});

it('prometheus.alerts reads values in exponential form', () => {
  const alert = {
    labels: { alertname: 'HighErrors' },
    annotations: {},
    state: 'firing',
    activeAt: '2026-01-02T03:04:05Z',
    value: '1.5e-01',
  };
  expect(parsed(prometheusAlerts, api({ alerts: [alert] }), {}).alerts).toEqual([{ ...alert, value: 0.15 }]);
});

it('prometheus.rules reads alerting and recording rules', () => {
  const rules = [
    { type: 'alerting', name: 'HighErrors', query: 'x > 1', state: 'pending', health: 'ok' },
    { type: 'recording', name: 'x:sum', query: 'sum(x)', health: 'err', lastError: 'many-to-many' },
  ];
  expect(parsed(prometheusRules, api({ groups: [{ name: 'g', rules }] }), {}).rules).toEqual([
    { group: 'g', name: 'HighErrors', kind: 'alerting', expr: 'x > 1', state: 'pending', health: 'ok', lastError: null },
    { group: 'g', name: 'x:sum', kind: 'recording', expr: 'sum(x)', state: null, health: 'err', lastError: 'many-to-many' },
  ]);
});
