import { asksWho } from '../access.ts';
import { SiteIncomplete } from '../errors.ts';
import type { CliCommand, Command, HttpCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a query may take. */
export const prometheusTimeoutMs = 30_000;

/** promtool where it is installed and nobody asks who comes, else the HTTP API that it would call. `flags` stand in `--flag=value` form. */
export function query(
  site: SiteFacts,
  kind: 'instant' | 'range' | 'series' | 'labels',
  flags: readonly string[],
  args: readonly string[],
  http: HttpCommand,
): Command {
  const url = site.url('prometheus');
  if (url === null) throw new SiteIncomplete(`site ${site.name} has no Prometheus URL`);
  if (!site.has('promtool') || asksWho(site.prometheus)) return http;
  const command: CliCommand = {
    kind: 'cli',
    binary: 'promtool',
    argv: ['query', kind, '--format=json', ...flags, '--', url, ...args],
  };
  return command;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** A read of the API that Prometheus and others have. */
export function queryApi(service: string, path: string, parameters: Parameters = {}): HttpCommand {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { kind: 'http', method: 'GET', service, path: `/api/v1/${path}`, query: Object.fromEntries(given) };
}

export function prometheusApi(path: string, parameters: Parameters = {}): HttpCommand {
  return queryApi('prometheus', path, parameters);
}

/** `--name=value` for those that are given. */
export function flags(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}
