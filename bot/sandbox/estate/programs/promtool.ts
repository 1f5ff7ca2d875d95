import { answer } from '../promql/api.ts';
import type { Sample } from '../promql/evaluate.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from './program.ts';

type FlagValues = ReadonlyMap<string, string[]>;

const common = ['format', 'enable-feature'];
const queries: Readonly<Record<string, { flags: readonly string[]; args: readonly string[] }>> = {
  instant: { flags: [...common, 'time'], args: ['server', 'expr'] },
  range: { flags: [...common, 'header', 'start', 'end', 'step'], args: ['server', 'expr'] },
  series: { flags: [...common, 'match', 'start', 'end'], args: ['server'] },
  labels: { flags: [...common, 'start', 'end', 'match'], args: ['server', 'name'] },
};
const fiveMinutes = 300_000;

const refuse = (message: string) => new Refusal(`promtool: error: ${message}, try --help`);

/** promtool query instant, range, series and labels of version 2.42, against the estate's Prometheus. */
export function promtool(call: ProgramCall): ProgramResult {
  const [command, kind, ...rest] = call.argv;
  if (command === '--version') return ok("promtool, version 2.42.0-simulation (Watchkeeper's simulated estate)\n");
  if (command?.startsWith('--')) throw refuse(`unknown long flag '${command}'`);
  if (command === 'query' && kind === undefined) throw refuse("must select a subcommand of 'query'");
  if (command === undefined) throw refuse('command not specified');
  if (command !== 'query') throw new Refusal(`promtool: error: the simulated estate does not support the command "${command}"`);
  const query = Object.hasOwn(queries, kind ?? '') ? queries[kind ?? ''] : undefined;
  if (!query) throw refuse(kind?.startsWith('-') ? `unknown long flag '${kind}'` : `expected command but got "${kind}"`);
  const { flags, args } = parse(rest, query.flags);
  const missing = query.args[args.length];
  if (missing !== undefined) throw refuse(`required argument '${missing}' not provided`);
  if (args.length > query.args.length) throw refuse(`unexpected ${args[query.args.length]}`);
  if (kind === 'series' && !flags.has('match')) throw refuse('required flag --match not provided');
  const format = flags.get('format')?.at(-1) ?? 'promql';
  if (format !== 'promql' && format !== 'json') throw refuse(`enum value must be one of promql,json, got '${format}'`);
  return run(call, kind ?? '', args, flags, format);
}

/** kingpin's grammar: `--flag=value`, `--flag value`, `-o value`. */
function parse(words: readonly string[], allowed: readonly string[]): { flags: FlagValues; args: string[] } {
  const flags = new Map<string, string[]>();
  const args: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') {
      args.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    const long = word.startsWith('--');
    if (!long && word[1] !== 'o') throw refuse(`unknown short flag '-${word[1]}'`);
    const [name = '', ...inline] = long ? word.slice(2).split('=') : ['format', ...(word.length > 2 ? [word.slice(2)] : [])];
    if (!allowed.includes(name)) throw refuse(`unknown long flag '--${name}'`);
    if (inline.length === 0) index += 1;
    const value = inline.length > 0 ? inline.join('=') : words[index];
    if (value === undefined) throw refuse(`expected argument for flag '${word}'`);
    flags.set(name, [...(flags.get(name) ?? []), value]);
  }
  return { flags, args };
}

function run(call: ProgramCall, kind: string, args: readonly string[], flags: FlagValues, format: string): ProgramResult {
  const [server = '', text = ''] = args;
  const path =
    { instant: '/api/v1/query', range: '/api/v1/query_range', series: '/api/v1/series', labels: `/api/v1/label/${text}/values` }[kind] ??
    '';
  const now = call.now();
  const last = (name: string) => flags.get(name)?.at(-1);
  const start = timestamp(last('start'), now - fiveMinutes, 'start');
  const end = timestamp(last('end'), now, 'end');
  if (server.replace(/\/$/, '') !== call.prometheusUrl)
    throw new Refusal(
      `query error: Post "${server}${path}": dial tcp: connect: connection refused (the simulated estate knows only ${call.prometheusUrl})`,
    );
  const query = new URLSearchParams(
    kind === 'instant'
      ? { query: text, ...(last('time') === undefined ? {} : { time: String(last('time')) }) }
      : { query: text, start: String(start), end: String(end), step: last('step') ?? String(Math.max(1, Math.floor((end - start) / 250))) },
  );
  for (const match of flags.get('match') ?? []) query.append('match[]', match);
  const { status, body } = answer(call.state, path, query, now);
  const reply = body as { error?: string; data?: unknown };
  if (status !== 200) throw new Refusal(`query error: bad_data: ${reply.error ?? ''}`);
  return ok(
    format === 'json'
      ? `${JSON.stringify(kind === 'series' || kind === 'labels' ? reply.data : (reply.data as { result: unknown }).result)}\n`
      : asText(kind, reply.data),
  );
}

/** Seconds since the epoch. */
function timestamp(text: string | undefined, fallback: number, name: string): number {
  if (text === undefined) return fallback / 1000;
  const at = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isNaN(at)) throw new Refusal(`error parsing ${name} time: cannot parse "${text}" to a valid timestamp`);
  return at;
}

type Point = [number, string];
type Result = { result: { metric: Sample['labels']; value?: Point; values?: Point[] }[] | Point; resultType: string };

function asText(kind: string, data: unknown): string {
  if (kind === 'labels') return (data as string[]).map((value) => `${value}\n`).join('');
  if (kind === 'series') return (data as Sample['labels'][]).map((labels) => `{${pairsOf(labels)}}\n`).join('');
  const { result, resultType } = data as Result;
  const shown = ([at, value]: Point) => `${value} @[${at}]`;
  if (resultType === 'scalar') return `scalar: ${shown(result as Point)}\n`;
  const series = result as Exclude<Result['result'], Point>;
  if (resultType === 'vector') return series.map((entry) => `${metric(entry.metric)} => ${shown(entry.value ?? [0, 'NaN'])}\n`).join('');
  return series.map((entry) => `${metric(entry.metric)} =>\n${(entry.values ?? []).map((value) => `${shown(value)}\n`).join('')}`).join('');
}

function metric({ __name__: name = '', ...labels }: Record<string, string>): string {
  const pairs = pairsOf(labels);
  return pairs === '' && name !== '' ? name : `${name}{${pairs}}`;
}

function pairsOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(', ');
}
