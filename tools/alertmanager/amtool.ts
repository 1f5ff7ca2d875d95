import { asksWho } from '../access.ts';
import { SiteIncomplete } from '../errors.ts';
import type { CliCommand, HttpCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a call may take. */
export const amtoolTimeoutMs = 30_000;

/** `words`, then flags in `--flag=value` form, then what stands after `--`. Credentials and configuration files are never named. */
export function amtool(site: SiteFacts, words: readonly string[], flags: readonly string[], args: readonly string[] = []): CliCommand {
  const url = site.url('alertmanager');
  if (url === null) throw new SiteIncomplete(`site ${site.name} has no Alertmanager URL`);
  const rest = args.length === 0 ? [] : ['--', ...args];
  return { kind: 'cli', binary: 'amtool', argv: [...words, `--alertmanager.url=${url}`, ...flags, ...rest] };
}

/** amtool where it is installed and nobody asks who comes, else the HTTP API that it would call; both answer alike. */
export function either(site: SiteFacts, command: CliCommand, http: HttpCommand): CliCommand | HttpCommand {
  return site.has('amtool') && !asksWho(site.alertmanager) ? command : http;
}

export function alertmanagerApi(path: string): HttpCommand {
  return { kind: 'http', method: 'GET', service: 'alertmanager', path: `/api/v2/${path}`, query: {} };
}

export function alertmanagerWrite(method: 'POST' | 'DELETE', path: string, body?: string): HttpCommand {
  return { ...alertmanagerApi(path), method, ...(body === undefined ? {} : { body }) };
}
