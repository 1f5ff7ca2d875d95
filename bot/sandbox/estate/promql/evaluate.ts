import { RE2JS } from 're2js';
import { counterAt, segmentAt, seriesKey } from '../model/metrics.ts';
import type { EstateState } from '../model/state.ts';
import { BadExpression, type Expression, type Matcher, type Operator } from './expression.ts';

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export type Value = { kind: 'scalar'; value: number } | { kind: 'vector'; samples: Sample[] };

/**
 * A range is cut to this many milliseconds, so that a rate shows a fix after seconds and not after the whole range: the one
 * place where the estate answers differently from a Prometheus with the same series.
 */
export const longestRangeMs = 2000;

/** Value of an expression at an instant in milliseconds. Throws BadExpression. */
export function evaluate(state: EstateState, expression: Expression, at: number): Value {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', value: expression.value };
    case 'selector':
      if (expression.rangeMs !== null) throw new BadExpression('a range outside of rate, irate and increase');
      return { kind: 'vector', samples: instant(state, expression.name, expression.matchers, at) };
    case 'call':
      return call(state, expression, at);
    case 'aggregate':
      return { kind: 'vector', samples: aggregate(expression, vector(state, expression.argument, at)) };
    case 'binary':
      return binary(expression.operator, evaluate(state, expression.left, at), evaluate(state, expression.right, at));
  }
}

function vector(state: EstateState, expression: Expression, at: number): Sample[] {
  const value = evaluate(state, expression, at);
  if (value.kind === 'scalar') throw new BadExpression('a number where series are needed');
  return value.samples;
}

export function matches(labels: Record<string, string>, name: string | null, matchers: readonly Matcher[]): boolean {
  if (name !== null && labels['__name__'] !== name) return false;
  return matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? '';
    if (operator === '=' || operator === '!=') return (actual === value) === (operator === '=');
    return RE2JS.compile(value, RE2JS.DOTALL).matches(actual) === (operator === '=~');
  });
}

function instant(state: EstateState, name: string | null, matchers: readonly Matcher[], at: number): Sample[] {
  const segment = segmentAt(state, at);
  if (!segment) return [];
  const gauges = segment.gauges.filter((series) => matches(series.labels, name, matchers)).map(({ labels, value }) => ({ labels, value }));
  const counters = segment.counters.filter((series) => matches(series.labels, name, matchers));
  return [...gauges, ...counters.map(({ labels }) => ({ labels, value: counterAt(state, seriesKey(labels), at) }))];
}

function call(state: EstateState, expression: Expression & { kind: 'call' }, at: number): Value {
  const { argument, name } = expression;
  if (argument.kind === 'number') return { kind: 'vector', samples: [{ labels: {}, value: argument.value }] };
  if (argument.kind !== 'selector' || argument.rangeMs === null) throw new BadExpression(`the argument of ${name}`);
  const range = argument.rangeMs;
  const window = Math.min(range, longestRangeMs);
  const series = segmentAt(state, at)?.counters.filter(({ labels }) => matches(labels, argument.name, argument.matchers)) ?? [];
  const samples = series.map(({ labels }) => {
    const key = seriesKey(labels);
    const perSecond = ((counterAt(state, key, at) - counterAt(state, key, at - window)) / window) * 1000;
    return { labels: unnamed(labels), value: name === 'increase' ? (perSecond * range) / 1000 : perSecond };
  });
  return { kind: 'vector', samples };
}

function unnamed(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => label !== '__name__'));
}

function aggregate(expression: Expression & { kind: 'aggregate' }, samples: readonly Sample[]): Sample[] {
  const { by, without, name } = expression;
  const groups = new Map<string, { labels: Record<string, string>; values: number[] }>();
  for (const sample of samples) {
    const kept = Object.entries(unnamed(sample.labels)).filter(([label]) =>
      without ? !without.includes(label) : (by?.includes(label) ?? false),
    );
    const labels = Object.fromEntries(kept);
    const key = seriesKey(labels);
    const group = groups.get(key) ?? { labels, values: [] };
    group.values.push(sample.value);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, values }) => ({ labels, value: combine(name, values) }));
}

function combine(name: (Expression & { kind: 'aggregate' })['name'], values: number[]): number {
  const total = values.reduce((all, value) => all + value, 0);
  switch (name) {
    case 'sum':
      return total;
    case 'avg':
      return total / values.length;
    case 'max':
      return Math.max(...values);
    case 'min':
      return Math.min(...values);
    case 'count':
      return values.length;
  }
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

function binary(operator: Operator, left: Value, right: Value): Value {
  if (operator === 'or') return either(left, right);
  const compare = comparisons[operator];
  const compute = arithmetic[operator];
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    if (!compute) throw new BadExpression('a comparison between two numbers');
    return { kind: 'scalar', value: compute(left.value, right.value) };
  }
  const samples = pairs(left, right).flatMap(({ kept, a, b }): Sample[] => {
    if (compare) return compare(a, b) ? [kept] : [];
    return compute ? [{ labels: unnamed(kept.labels), value: compute(a, b) }] : [];
  });
  return { kind: 'vector', samples };
}

function either(left: Value, right: Value): Value {
  if (left.kind === 'scalar' || right.kind === 'scalar') throw new BadExpression('`or` with a number');
  const present = new Set(left.samples.map(({ labels }) => seriesKey(unnamed(labels))));
  return { kind: 'vector', samples: [...left.samples, ...right.samples.filter(({ labels }) => !present.has(seriesKey(unnamed(labels))))] };
}

/** Vector with number, or one-to-one by all labels but the name. A comparison keeps the vector's own sample. */
function pairs(left: Value, right: Value): { kept: Sample; a: number; b: number }[] {
  if (left.kind === 'vector' && right.kind === 'scalar') return left.samples.map((kept) => ({ kept, a: kept.value, b: right.value }));
  if (left.kind === 'scalar' && right.kind === 'vector') return right.samples.map((kept) => ({ kept, a: left.value, b: kept.value }));
  if (left.kind !== 'vector' || right.kind !== 'vector') return [];
  const others = new Map(right.samples.map((sample) => [seriesKey(unnamed(sample.labels)), sample.value]));
  return left.samples.flatMap((kept) => {
    const other = others.get(seriesKey(unnamed(kept.labels)));
    return other === undefined ? [] : [{ kept, a: kept.value, b: other }];
  });
}
