import { argument, Time } from '../grammar.ts';
import type { CliCommand, Command, HttpCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a search may take. */
export const tempoTimeoutMs = 60_000;

/** Hexadecimal; Tempo prints ids without leading zeros. */
export const TraceId = argument(32).regex(/^[0-9a-f]{1,32}$/, 'must be a trace id: up to 32 hexadecimal digits');

/** One TraceQL expression on one line; Tempo checks its syntax. */
export const TraceQl = argument(2000).regex(/^[{(]/, 'must begin with a set of spans, e.g. { status = error }');

export { Time };

/** Seconds since the epoch: the whole second that holds the beginning, and the one after the end. */
export function secondsOf(start: string | undefined, end: string | undefined): Record<string, string | undefined> {
  const seconds = (time: string | undefined, round: (value: number) => number) =>
    time === undefined ? undefined : String(round(Date.parse(time) / 1000));
  return { start: seconds(start, Math.floor), end: seconds(end, Math.ceil) };
}

export function tempoApi(path: string, parameters: Readonly<Record<string, string | undefined>> = {}): HttpCommand {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { kind: 'http', method: 'GET', service: 'tempo', path: `/api/${path}`, query: Object.fromEntries(given) };
}

export interface ByProgram {
  readonly words: readonly string[];
  /** In `--flag=value` form. */
  readonly flags?: readonly string[];
  /** What stands after the address. */
  readonly args: readonly string[];
  /** The program wants a whole URL, or a host with its port. */
  readonly address: 'url' | 'host';
}

/**
 * tempo-cli where it is installed, else the HTTP API that it would call. With a token the API is asked: the program takes it in its command
 * line only. So is one behind TLS: not every version of the program can.
 */
export function either(site: SiteFacts, program: ByProgram, http: HttpCommand): Command {
  const url = URL.parse(site.url('tempo') ?? '');
  if (url === null || !site.has('tempo-cli') || site.tempo?.token !== undefined || url.protocol !== 'http:') return http;
  const { tenant } = site.tempo ?? {};
  const prefix = url.pathname.replace(/\/$/, '');
  const flags = [
    ...(program.flags ?? []),
    ...(tenant === undefined ? [] : [`--org-id=${tenant}`]),
    ...(program.address === 'host' && prefix !== '' ? [`--path-prefix=${prefix}`] : []),
  ];
  const address = program.address === 'host' ? `${url.hostname}:${url.port || '80'}` : url.href.replace(/\/$/, '');
  const command: CliCommand = {
    kind: 'cli',
    binary: 'tempo-cli',
    argv: ['query', 'api', ...program.words, ...flags, '--', address, ...program.args],
  };
  return command;
}

/** The JSON that tempo-cli prints: some versions print the request first. */
export function jsonIn(stdout: string): string {
  const at = stdout.search(/^\s*\{/m);
  return at === -1 ? stdout : stdout.slice(at);
}
