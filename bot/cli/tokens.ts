import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { Scope } from '../api/principal.ts';
import { ServiceToken } from '../store/tokens.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { type Out, print, table } from './out.ts';
import type { Variables } from './settings.ts';
import { type WriteFlags, withWrite, write } from './write.ts';

const path = '/v1/service-tokens';
const Created = z.object({ token: ServiceToken, secret: z.string() });

function days(value: string): number {
  if (!/^\d{1,3}$/.test(value) || Number(value) < 1 || Number(value) > 366)
    throw new InvalidArgumentError('a number of days from 1 to 366.');
  return Number(value);
}

function stateOf({ revokedAt, expiresAt }: ServiceToken, now: number): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'valid';
  return Date.parse(expiresAt) <= now ? 'expired' : `until ${expiresAt}`;
}

function reachOf({ sites, operations }: ServiceToken): string {
  return [sites ?? [], operations ?? []].flat().join(',') || '-';
}

interface CreateFlags extends WriteFlags {
  readonly scope: Scope[];
  readonly site?: string[];
  readonly operation?: string[];
  readonly days?: number;
  readonly database?: boolean;
}

const defaultDays = 90;

/** What it may do, and where. */
function wanted({ scope, site, operation }: CreateFlags) {
  return { scopes: scope, ...(site && { sites: site }), ...(operation && { operations: operation }) };
}

/** Loaded when asked for: every other verb needs no database. */
async function inDatabase(name: string, flags: CreateFlags, out: Out, variables: Variables | undefined): Promise<z.infer<typeof Created>> {
  const { createTokenInDatabase } = await import('./first-token.ts');
  return createTokenInDatabase({ name, ...wanted(flags), days: flags.days ?? defaultDays }, out, variables);
}

function registerCreate(token: Command, { api, out, variables }: CliContext): void {
  withWrite(token.command('create'))
    .description('make a service token; its secret is shown this once')
    .argument('<name>', 'who or what uses it')
    .addOption(new Option('--scope <scope...>', 'what it may do').choices(Scope.options).makeOptionMandatory())
    .option('--site <site...>', 'where it may act; everywhere when absent')
    .option('--operation <operation...>', 'what it may run, e.g. kubernetes.get or kubernetes.*; everything when absent')
    .option('--days <n>', 'how long it is valid; 90 when absent', days)
    .option('--database', 'make it in the database itself (DATABASE_URL): the first token of an installation')
    .action(async (name: string, flags: CreateFlags) => {
      const body = { name, ...wanted(flags), ...(flags.days && { expiresInDays: flags.days }) };
      const created =
        flags.database === true ? await inDatabase(name, flags, out, variables) : await write(api(), path, Created, body, flags);
      // Standard output gets the secret alone, so that it can be piped to where it belongs.
      if (flags.json !== true)
        out.note(`Token ${created.token.id} is valid until ${created.token.expiresAt ?? 'it is revoked'}. It is shown this once:`);
      print(out, created, flags.json, ({ secret }) => [secret]);
    });
}

export function registerTokens(program: Command, context: CliContext): void {
  const { api, out } = context;
  const token = program.command('token').description('service tokens: for agents, CI and alert sources; they never vote');
  registerCreate(token, context);
  withJson(token.command('list'))
    .description('list tokens without their secrets, newest first')
    .action(async ({ json }: JsonFlag) => {
      const found = await api().request('GET', `${path}?limit=200`, z.object({ items: z.array(ServiceToken) }));
      const now = Date.now();
      print(out, found, json, ({ items }) =>
        table(items.map((each) => [each.id, stateOf(each, now), each.scopes.join(','), reachOf(each), each.name])),
      );
    });
  withJson(token.command('revoke'))
    .description('revoke a token: from now on it opens nothing')
    .argument('<id>', 'of the token, not its secret')
    .action(async (id: string, { json }: JsonFlag) => {
      await api().request('DELETE', `${path}/${encodeURIComponent(id)}`, z.null());
      print(out, { id, revoked: true }, json, () => [`Token ${id} is revoked.`]);
    });
}
