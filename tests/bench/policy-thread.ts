import pino from 'pino';
import { bundleWithNote } from '../../bot/policy/testing.ts';
import { openThreadedPolicy } from '../../bot/policy/threaded.ts';
import type { PolicyInput } from '../../policy/contract.ts';
import { loadPolicy, type Policy } from '../../policy/decide.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { type Figure, median, round } from './figure.ts';

const rounds = 20;

/** Microseconds for one decision, over every question in turn. */
function each(policy: Policy, inputs: readonly PolicyInput[]): number {
  const start = performance.now();
  for (const input of inputs) policy.decide(input);
  return ((performance.now() - start) * 1_000) / inputs.length;
}

/** What a decision costs in the thread that an operator's bundle runs in, against the same bundle in the process: by turns, so that both see the same load. */
export async function threadedDecisions(): Promise<Figure> {
  const bundle = bundleWithNote('bench');
  const table = readDecisionTable().map(({ input }) => input as PolicyInput);
  const inputs = Array.from({ length: 4 }, () => table).flat();
  const inside = await loadPolicy(bundle);
  const threaded = await openThreadedPolicy(bundle, pino({ level: 'silent' }));
  const pairs = Array.from({ length: rounds + 2 }, () => [each(inside, inputs), each(threaded, inputs)] as const).slice(2);
  await threaded.close();
  const ratio = median(pairs.map(([own, other]) => other / own));
  return {
    name: "an operator's policy",
    value: round(ratio),
    unit: `× (${round(median(pairs.map(([, other]) => other)), 0)} µs a decision)`,
    baseline: `in the process ${round(median(pairs.map(([own]) => own)), 0)} µs`,
    target: '≤ 10 ×',
    met: ratio <= 10,
  };
}
