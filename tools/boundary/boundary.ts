import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { CliCommand, HttpCommand, SiteFacts } from '../operation.ts';
import { boundaryId } from './settings.ts';

/** Milliseconds that a call may take. */
export const boundaryTimeoutMs = 30_000;

/** Where things belong: everything, an organization, a project. */
export const ScopeId = z.union([z.literal('global'), boundaryId('o', 'p')]);
export const SessionId = boundaryId('s');
export const TargetId = boundaryId('ttcp', 'tssh', 'trdp', 't');
export const UserId = boundaryId('u');
export const RoleId = boundaryId('r');

/** A boundary command line, JSON to standard output. Address, token and authority come from the environment that the runner fixes. */
export function boundary(site: SiteFacts, words: readonly string[], flags: readonly string[]): CliCommand {
  if (site.boundary === undefined) throw new SiteIncomplete(`site ${site.name} has no Boundary: configure sites[].boundary`);
  return { kind: 'cli', binary: 'boundary', argv: [...words, ...flags, '-format=json'] };
}

/** boundary where it is installed, else the request that it would make. Reads only: a write needs the version that the program looks up. */
export function either(
  site: SiteFacts,
  command: CliCommand,
  path: string,
  query: Readonly<Record<string, string>> = {},
): CliCommand | HttpCommand {
  if (site.has('boundary')) return command;
  return { kind: 'http', method: 'GET', service: 'boundary', path: `/v1/${path}`, query };
}

/** A list of one kind of thing below a scope. */
export function listed(site: SiteFacts, kind: string, scope: string): CliCommand | HttpCommand {
  const flags = [`-scope-id=${scope}`, ...(kind === 'workers' ? [] : ['-recursive=true'])];
  const query = { scope_id: scope, ...(kind === 'workers' ? {} : { recursive: 'true' }) };
  return either(site, boundary(site, [kind, 'list'], flags), kind, query);
}

/** One thing by its id. */
export function one(site: SiteFacts, kind: string, id: string): CliCommand | HttpCommand {
  return either(site, boundary(site, [kind, 'read'], [`-id=${id}`]), `${kind}/${id}`);
}

/** Things in an answer. */
export const limit = 300;

/** The program prints `null` for none, and gathers all pages; of the API it is the first page. */
export function itemsOf<T>(type: z.ZodType<T>, text: string): { readonly items: readonly T[]; readonly omitted: number } {
  const items = parseJson(z.object({ items: z.array(type).nullish() }), text).items ?? [];
  return { items: items.slice(0, limit), omitted: Math.max(0, items.length - limit) };
}

/** The program puts it under `item`, the API does not. */
export function itemOf<T>(type: z.ZodType<T>, text: string): T {
  return parseJson(z.union([z.object({ item: type }).transform(({ item }) => item), type]), text) as T;
}
