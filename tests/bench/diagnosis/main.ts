import { Command } from 'commander';
import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import { cacheOf, casesIn } from './cases.ts';
import { planted } from './plant.ts';
import { recordedSnapshot } from './recorded/snapshot.ts';
import { type Result, report, totals } from './score.ts';
import { varied } from './vary.ts';
import { predictions } from './vocabulary.ts';

interface Options {
  readonly cases: string;
  readonly json?: boolean;
  readonly only?: string;
  readonly vary?: boolean;
  readonly plant?: boolean;
}

const program = new Command('bench:diagnosis')
  .description('Replays recorded incidents through the analyzers, and says how often they are right.')
  .requiredOption('--cases <directory>', 'laid out as system/category/id/{metadata.json,tool_cache.json}')
  .option('--json', 'JSON lines only: one per case, the totals last')
  .option('--only <text>', 'cases whose name or root cause contains the text')
  .option('--vary', 'replays each case as others of its kind differ from it: names, order, ages, sizes, outputs that are missing')
  .option('--plant', 'plants every kind of fault in every workload of one recording of each system that works but for its measures')
  .parse();
const { cases: directory, json, only, vary, plant } = program.opts<Options>();

const say = (line: string) => process.stdout.write(`${line}\n`);
const results: Result[] = [];
const plantedIn = new Set<string>();
for (const one of await casesIn(directory)) {
  if (only !== undefined && !`${one.name} ${one.answer?.root_cause ?? ''}`.includes(only)) continue;
  const cache = await cacheOf(one);
  if (vary === true || plant === true) {
    const plants = plant === true && !plantedIn.has(one.system) ? planted(one, cache) : [];
    if (plants.length > 0) plantedIn.add(one.system);
    for (const result of [...(vary === true ? varied(one, cache) : []), ...plants]) {
      results.push(result);
      const { variation, case: changed, predictions: found, ms } = result;
      say(JSON.stringify({ case: one.name, variation, answer: changed.answer, predictions: found, ms }));
    }
    continue;
  }
  const started = performance.now();
  const found = predictions(diagnose(recordedSnapshot(cache, one.namespace)));
  const ms = Math.round(performance.now() - started);
  results.push({ case: one, predictions: found, ms });
  say(JSON.stringify({ case: one.name, predictions: found, ms }));
}
if (results.length === 0) {
  process.stderr.write(`No case below ${directory}: expected system/category/id/metadata.json.\n`);
  process.exitCode = 1;
} else say(json === true ? JSON.stringify({ totals: totals(results) }) : report(totals(results)));
