import { Command } from 'commander';
import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import { cacheOf, casesIn } from './cases.ts';
import { recordedSnapshot } from './recorded/snapshot.ts';
import { type Result, report, totals } from './score.ts';
import { varied } from './vary.ts';
import { predictions } from './vocabulary.ts';

const program = new Command('bench:diagnosis')
  .description('Replays recorded incidents through the analyzers, and says how often they are right.')
  .requiredOption('--cases <directory>', 'laid out as system/category/id/{metadata.json,tool_cache.json}')
  .option('--json', 'JSON lines only: one per case, the totals last')
  .option('--only <text>', 'cases whose name or root cause contains the text')
  .option('--vary', 'replays each case as others of its kind differ from it: names, order, ages, sizes, outputs that are missing')
  .parse();
const { cases: directory, json, only, vary } = program.opts<{ cases: string; json?: boolean; only?: string; vary?: boolean }>();

const say = (line: string) => process.stdout.write(`${line}\n`);
const results: Result[] = [];
for (const one of await casesIn(directory)) {
  if (only !== undefined && !`${one.name} ${one.answer?.root_cause ?? ''}`.includes(only)) continue;
  const cache = await cacheOf(one);
  if (vary === true) {
    for (const result of varied(one, cache)) {
      results.push(result);
      say(
        JSON.stringify({
          case: one.name,
          variation: result.variation,
          answer: result.case.answer,
          predictions: result.predictions,
          ms: result.ms,
        }),
      );
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
