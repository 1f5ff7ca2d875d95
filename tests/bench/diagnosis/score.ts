import type { Case } from './cases.ts';
import type { Prediction } from './vocabulary.ts';

export interface Result {
  readonly case: Case;
  readonly predictions: readonly Prediction[];
  readonly ms: number;
}

interface Share {
  readonly cases: number;
  /** The first prediction names the object and the cause. */
  readonly at1: number;
  /** One of the first three does. */
  readonly at3: number;
}

export interface Totals {
  readonly all: Share;
  readonly bySystem: Readonly<Record<string, Share>>;
  readonly byCategory: Readonly<Record<string, Share>>;
  readonly byCause: Readonly<Record<string, Share>>;
  readonly healthy: { readonly cases: number; readonly falseAlarms: number };
  readonly slowestMs: number;
}

const same = (a: Prediction, b: Prediction | null) => a.fault_object === b?.fault_object && a.root_cause === b.root_cause;
export const rightAt = ({ case: { answer }, predictions }: Result, count: number) =>
  predictions.slice(0, count).some((one) => same(one, answer));
const rounded = (share: number) => Math.round(share * 1_000) / 1_000;

function share(results: readonly Result[]): Share {
  const part = (count: number) => rounded(results.filter((result) => rightAt(result, count)).length / results.length);
  return { cases: results.length, at1: part(1), at3: part(3) };
}

function shares(results: readonly Result[], by: (result: Result) => string): Record<string, Share> {
  return Object.fromEntries([...Map.groupBy(results, by)].map(([name, group]) => [name, share(group)]));
}

export function totals(results: readonly Result[]): Totals {
  const faulty = results.filter((result) => result.case.answer !== null);
  const healthy = results.filter((result) => result.case.answer === null);
  return {
    all: faulty.length === 0 ? { cases: 0, at1: 0, at3: 0 } : share(faulty),
    bySystem: shares(faulty, (result) => result.case.system),
    byCategory: shares(faulty, (result) => `${result.case.system}/${result.case.category}`),
    byCause: shares(faulty, (result) => result.case.answer?.root_cause ?? ''),
    healthy: { cases: healthy.length, falseAlarms: healthy.filter(({ predictions }) => predictions.length > 0).length },
    slowestMs: Math.max(...results.map(({ ms }) => ms)),
  };
}

export function report({ all, bySystem, byCategory, byCause, healthy, slowestMs }: Totals): string {
  const row = (name: string, { cases, at1, at3 }: Share) =>
    `${name.padEnd(40)} ${String(cases).padStart(5)} ${at1.toFixed(3).padStart(8)} ${at3.toFixed(3).padStart(8)}`;
  const rows = (shares: Readonly<Record<string, Share>>) => Object.entries(shares).map(([name, each]) => row(name, each));
  return [
    `${''.padEnd(40)} cases    at 1     at 3`,
    row('all', all),
    ...rows(bySystem),
    ...rows(byCategory),
    ...rows(byCause),
    `false alarms on healthy snapshots: ${healthy.falseAlarms} of ${healthy.cases}; slowest case: ${slowestMs} ms`,
  ].join('\n');
}
