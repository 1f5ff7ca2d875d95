import { seriesKey } from '../model/metrics.ts';
import type { EstateState } from '../model/state.ts';
import { milliseconds } from '../programs/flags.ts';
import { alertData, ruleData } from './alerts.ts';
import { evaluate, matches, type Sample, type Value } from './evaluate.ts';
import { BadExpression } from './expression.ts';
import { parseExpression } from './parse.ts';

export interface ApiAnswer {
  status: number;
  body: unknown;
}

const maxPoints = 11_000;

/** One request to /api/v1/…, in Prometheus' envelope. */
export function answer(state: EstateState, path: string, query: URLSearchParams, now: number): ApiAnswer {
  try {
    const data = dataOf(state, path, query, now);
    return data === null
      ? { status: 404, body: { status: 'error', errorType: 'not_found', error: 'the simulated estate has no such endpoint' } }
      : { status: 200, body: { status: 'success', data } };
  } catch (error) {
    if (!(error instanceof BadExpression || error instanceof BadParameter)) throw error;
    return { status: 400, body: { status: 'error', errorType: 'bad_data', error: error.message } };
  }
}

class BadParameter extends Error {
  readonly code = 'bad_data';

  constructor(name: string, value: string, why: string) {
    super(`invalid parameter "${name}": ${why.replace('%', JSON.stringify(value))}`);
    this.name = 'BadParameter';
  }
}

function dataOf(state: EstateState, path: string, query: URLSearchParams, now: number): unknown {
  switch (path) {
    case '/api/v1/query':
      return instant(state, query, now);
    case '/api/v1/query_range':
      return range(state, query, now);
    case '/api/v1/series':
      return series(state, query, now);
    case '/api/v1/labels':
      return [...new Set(allLabels(state).flatMap(Object.keys))].sort();
    case '/api/v1/alerts':
      return alertData(state, now);
    case '/api/v1/rules':
      return ruleData(state, now);
    case '/api/v1/status/buildinfo':
      return {
        version: '2.42.0-simulation',
        revision: 'simulation',
        branch: 'simulation',
        buildUser: "Watchkeeper's simulated estate",
        buildDate: '',
        goVersion: 'simulation',
      };
    default: {
      const label = /^\/api\/v1\/label\/([a-zA-Z_][a-zA-Z0-9_]*)\/values$/.exec(path)?.[1];
      return label === undefined ? null : [...new Set(allLabels(state).flatMap((labels) => labels[label] ?? []))].sort();
    }
  }
}

function allLabels(state: EstateState): Record<string, string>[] {
  return state.segments.flatMap((segment) => [...segment.gauges, ...segment.counters].map(({ labels }) => labels));
}

function instant(state: EstateState, query: URLSearchParams, now: number): unknown {
  const at = timeOf(query, 'time', now);
  const value = evaluate(state, parseExpression(query.get('query') ?? ''), at);
  if (value.kind === 'scalar') return { resultType: 'scalar', result: point(at, value.value) };
  return { resultType: 'vector', result: value.samples.map((sample) => ({ metric: sample.labels, value: point(at, sample.value) })) };
}

function range(state: EstateState, query: URLSearchParams, now: number): unknown {
  const start = timeOf(query, 'start', null);
  const end = timeOf(query, 'end', null);
  if (end < start) throw new BadParameter('end', '', 'end timestamp must not be before start time');
  const step = stepOf(query);
  if ((end - start) / step > maxPoints)
    throw new BadParameter(
      'step',
      '',
      `exceeded maximum resolution of ${maxPoints.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  const expression = parseExpression(query.get('query') ?? '');
  const found = new Map<string, { metric: Record<string, string>; values: [number, string][] }>();
  for (let at = start; at <= end; at += step) {
    if (at > now) break;
    for (const { labels, value } of asVector(evaluate(state, expression, at))) {
      const key = seriesKey(labels);
      const entry = found.get(key) ?? { metric: labels, values: [] };
      entry.values.push(point(at, value));
      found.set(key, entry);
    }
  }
  return { resultType: 'matrix', result: [...found.values()] };
}

function asVector(value: Value): Sample[] {
  return value.kind === 'vector' ? value.samples : [{ labels: {}, value: value.value }];
}

function series(state: EstateState, query: URLSearchParams, now: number): unknown {
  const selectors = query.getAll('match[]').map(parseExpression);
  if (selectors.length === 0) throw new BadParameter('match[]', '', 'no match[] parameter provided');
  const start = timeOf(query, 'start', 0);
  const end = timeOf(query, 'end', now);
  const segments = state.segments.filter(
    (segment, index) => segment.from <= end && (state.segments[index + 1]?.from ?? Number.POSITIVE_INFINITY) > start,
  );
  const labels = segments.flatMap((segment) => [...segment.gauges, ...segment.counters].map((entry) => entry.labels));
  const chosen = labels.filter((set) =>
    selectors.some((selector) => {
      if (selector.kind !== 'selector' || selector.rangeMs !== null) throw new BadExpression('match[] takes a selector');
      return matches(set, selector.name, selector.matchers);
    }),
  );
  return [...new Map(chosen.map((set) => [seriesKey(set), set])).values()];
}

function timeOf(query: URLSearchParams, name: string, fallback: number | null): number {
  const text = query.get(name) ?? '';
  if (text === '' && fallback !== null) return fallback;
  const at = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(at)) throw new BadParameter(name, text, 'cannot parse % to a valid timestamp');
  return at;
}

function stepOf(query: URLSearchParams): number {
  const text = query.get('step') ?? '';
  const step = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : milliseconds(text);
  if (step === null) throw new BadParameter('step', text, 'cannot parse % to a valid duration');
  if (step <= 0)
    throw new BadParameter('step', text, 'zero or negative query resolution step widths are not accepted. Try a positive integer');
  return step;
}

function point(at: number, value: number): [number, string] {
  const text = Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  return [at / 1000, text];
}
