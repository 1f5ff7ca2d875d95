import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { createRedactor } from './index.ts';

const Case = z.object({ kind: z.enum(['tp', 'fp']), rule: z.string(), secret: z.string().optional(), text: z.string() });
type Case = z.infer<typeof Case>;

function readCases(path: string): Case[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line) => Case.parse(JSON.parse(line)));
}

function byRule(cases: readonly Case[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of cases) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

/**
 * `node tools/redaction/measure.ts CASES.jsonl.gz [TEXT…]`: how many of the positive cases lose their secret and how many negatives
 * are touched, by rule; then, for each text file, how many lines are touched, and the speed
 * in megabytes per second of processor time.
 */
function main(): void {
  const [casesPath, ...texts] = process.argv.slice(2);
  if (casesPath === undefined) throw new Error('usage: measure.ts CASES.jsonl.gz [TEXT…]');
  const redactor = createRedactor({ secrets: [], placeholderKey: new Uint8Array(32) });
  const cases = readCases(casesPath);
  const positives = cases.filter((item) => item.kind === 'tp');
  const missed = positives.filter((item) => redactor.text(item.text).text.includes(item.secret ?? ''));
  const touched = cases.filter((item) => item.kind === 'fp' && redactor.text(item.text).count > 0);
  const recall = 1 - missed.length / positives.length;
  const report = {
    recall,
    missed: byRule(missed),
    negatives: cases.length - positives.length,
    touched: byRule(touched),
    texts: texts.map((path) => measureText(redactor, path)),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

function measureText(redactor: ReturnType<typeof createRedactor>, path: string): object {
  const text = readFileSync(path, 'utf8');
  redactor.text(text);
  const started = process.cpuUsage();
  const out = redactor.text(text).text.split('\n');
  const used = process.cpuUsage(started);
  const seconds = (used.user + used.system) / 1e6;
  const lines = text.split('\n');
  return {
    path,
    lines: lines.length,
    touched: lines.filter((line, i) => line !== out[i]).length,
    megabytesPerCpuSecond: text.length / 1e6 / seconds,
  };
}

main();
