import { Command, Option } from 'commander';
import { readSettings } from '../../../bot/config.ts';
import { Llm } from '../../../bot/llm/settings.ts';
import { casesIn } from '../diagnosis/cases.ts';
import { type Result, report, totals } from '../diagnosis/score.ts';
import { askAbout, benchModel } from './ask.ts';

const kinds = ['openai', 'anthropic', 'openai-codex', 'compatible'] as const;
const keys = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  'openai-codex': 'CODEX_AUTH_FILE',
  compatible: '--base-url',
} as const;

const program = new Command('bench:llm')
  .description('Asks a language model about recorded incidents, as the product does, and scores it as bench:diagnosis does.')
  .addOption(new Option('--provider <kind>', 'whose model').choices(kinds).makeOptionMandatory())
  .requiredOption('--cases <directory>', 'laid out as system/category/id/{metadata.json,tool_cache.json}')
  .requiredOption('--model <name>', 'as the provider calls it')
  .option('--base-url <url>', 'of a compatible provider')
  .option('--input-price <usd>', 'per million tokens', '0')
  .option('--output-price <usd>', 'per million tokens', '0')
  .option('--only <text>', 'cases whose name contains the text')
  .option('--limit <count>', 'at most so many cases')
  .option('--json', 'JSON lines only: one per case, the totals last')
  .exitOverride();

interface Flags {
  readonly provider: (typeof kinds)[number];
  readonly cases: string;
  readonly model: string;
  readonly baseUrl?: string;
  readonly inputPrice: string;
  readonly outputPrice: string;
  readonly only?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

function settingsOf({ provider: kind, model, baseUrl, inputPrice, outputPrice }: Flags): Llm {
  const provider = kind === 'compatible' ? { kind, name: 'asked', baseUrl: baseUrl ?? '' } : { kind, name: 'asked' };
  return Llm.parse({
    providers: [provider],
    routes: { investigate: [{ provider: 'asked', model, maxInputTokens: 120_000, timeoutSeconds: 300 }] },
    prices: { [`asked/${model}`]: { input: Number(inputPrice), output: Number(outputPrice) } },
    // The recordings are public.
    pseudonyms: { people: false, addresses: false },
    egress: [{ provider: 'asked', classes: ['finding', 'log'] }],
  });
}

/** Answers the exit status: 2 without a key. */
async function main(flags: Flags): Promise<number> {
  const { env } = readSettings();
  const usable = flags.provider !== 'compatible' || flags.baseUrl !== undefined;
  const model = env === null || !usable ? null : await benchModel(settingsOf(flags), env);
  if (model === null) {
    process.stderr.write(`There is no key for ${flags.provider}: set ${keys[flags.provider]}. No model was asked.\n`);
    return 2;
  }
  const results: Result[] = [];
  const sums = { tokens: 0, microUsd: 0, dropped: 0, failed: 0 };
  for (const one of (await casesIn(flags.cases)).slice(0, Number(flags.limit ?? Number.POSITIVE_INFINITY))) {
    if (flags.only !== undefined && !one.name.includes(flags.only)) continue;
    const started = performance.now();
    const { predictions, dropped, tokens, microUsd, failed } = await askAbout(model, one);
    const ms = Math.round(performance.now() - started);
    results.push({ case: one, predictions, ms });
    sums.tokens += tokens;
    sums.microUsd += microUsd;
    sums.dropped += dropped;
    sums.failed += failed === null ? 0 : 1;
    say(JSON.stringify({ case: one.name, predictions, tokens, usd: microUsd / 1e6, dropped, failed, ms }));
  }
  if (results.length === 0) {
    process.stderr.write(`No case below ${flags.cases}: expected system/category/id/metadata.json.\n`);
    return 1;
  }
  const seconds = results.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
  const cost = { tokens: sums.tokens, usd: sums.microUsd / 1e6, seconds, claimsDropped: sums.dropped, unanswered: sums.failed };
  if (flags.json === true) say(JSON.stringify({ totals: totals(results), ...cost }));
  else
    say(
      `${report(totals(results))}\ntokens ${cost.tokens}, $${cost.usd.toFixed(4)}, ${seconds.toFixed(1)} s; ${cost.claimsDropped} statements dropped, ${cost.unanswered} cases unanswered`,
    );
  return 0;
}

try {
  process.exitCode = await main(program.parse().opts<Flags>());
} catch (error) {
  // Commander has said what is wrong.
  if (!(error instanceof Error && 'exitCode' in error)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
