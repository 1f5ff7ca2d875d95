import { Command } from 'commander';
import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import { cacheOf, casesIn } from './cases.ts';
import { recordedSnapshot } from './recorded/snapshot.ts';
import { type Result, report, totals } from './score.ts';
import { predictions } from './vocabulary.ts';

const program = new Command('bench:diagnosis')
  .description('Replays recorded incidents through the analyzers, and says how often they are right.')
  .requiredOption('--cases <directory>', 'laid out as system/category/id/{metadata.json,tool_cache.json}')
  .option('--json', 'JSON lines only: one per case, the totals last')
  .option('--only <text>', 'cases whose name or root cause contains the text')
  .parse();
const { cases: directory, json, only } = program.opts<{ cases: string; json?: boolean; only?: string }>();

const say = (line: string) => process.stdout.write(`${line}\n`);
const results: Result[] = [];
for (const one of await casesIn(directory)) {
  if (only !== undefined && !`${one.name} ${one.answer?.root_cause ?? ''}`.includes(only)) continue;
  const cache = await cacheOf(one);
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
