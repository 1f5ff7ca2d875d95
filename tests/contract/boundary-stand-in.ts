import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Stands in for the program `boundary`: it knows the commands and flags of the reference of version 0.19
 * (developer.hashicorp.com/boundary/docs/commands), refuses all others, and answers as `-format=json` does. What it holds is in the file
 * that is named first; the token of the environment says who asks.
 */
const commands: Readonly<Record<string, readonly string[]>> = {
  'scopes list': ['scope-id', 'recursive', 'filter', 'page-size', 'list-token'],
  'targets list': ['scope-id', 'recursive', 'filter', 'page-size', 'list-token'],
  'targets read': ['id', 'name', 'scope-id', 'scope-name'],
  'host-catalogs list': ['scope-id', 'recursive', 'filter', 'page-size', 'list-token'],
  'hosts list': ['host-catalog-id', 'filter', 'page-size', 'list-token'],
  'sessions list': ['scope-id', 'recursive', 'filter', 'include-terminated', 'page-size', 'list-token'],
  'sessions read': ['id'],
  'sessions cancel': ['id'],
  'workers list': ['scope-id', 'filter'],
  'roles list': ['scope-id', 'recursive', 'filter', 'page-size', 'list-token'],
  'roles read': ['id'],
  'roles add-principals': ['id', 'principal', 'version'],
  'roles remove-principals': ['id', 'principal', 'version'],
};

type Item = Record<string, unknown> & { id: string; version: number };
interface State {
  readonly tokens: Record<string, readonly string[]>;
  readonly kinds: Record<string, Item[]>;
}

const [file = '', noun = '', verb = '', ...rest] = process.argv.slice(2);
const state = JSON.parse(readFileSync(file, 'utf8')) as State;

function fail(kind: string, status: number, message: string): never {
  process.stderr.write(
    `${JSON.stringify({ context: `Error from controller when performing ${verb}`, status_code: status, api_error: { kind, message } })}\n`,
  );
  process.exit(1);
}

function flagsOf(argv: readonly string[]): ReadonlyMap<string, string> {
  const known = commands[`${noun} ${verb}`];
  if (known === undefined) fail('Usage', 400, `unknown command ${noun} ${verb}`);
  return new Map(
    argv.map((argument) => {
      const [, name = '', value = ''] = /^--?([a-z-]+)=(.*)$/.exec(argument) ?? [];
      if (name !== 'format' && !known.includes(name)) fail('Usage', 400, `flag provided but not defined: ${argument}`);
      return [name, value];
    }),
  );
}

function answer(status: number, body: object): void {
  process.stdout.write(`${JSON.stringify({ status_code: status, ...body })}\n`);
}

if (noun === 'version') {
  process.stdout.write('\nVersion information:\n  Build Date:          2025-01-01T00:00:00Z\n  Version Number:      0.19.0\n');
} else {
  const flags = flagsOf(rest);
  if (flags.get('format') !== 'json') fail('Usage', 400, 'this stand-in prints JSON only');
  if (process.env['BOUNDARY_KEYRING_TYPE'] !== 'none') fail('Usage', 400, 'a keyring would be looked for');
  const may = state.tokens[process.env['BOUNDARY_TOKEN'] ?? ''];
  if (may === undefined) fail('Unauthenticated', 401, 'Unauthenticated, or invalid token.');
  const action = `${verb} ${noun}`;
  if (!may.includes(action)) fail('PermissionDenied', 403, 'Forbidden.');
  const items = state.kinds[noun] ?? [];
  if (verb === 'list') answer(200, { items: items.length === 0 ? null : items });
  else {
    const found = items.find(({ id }) => id === flags.get('id'));
    if (found === undefined) fail('NotFound', 404, 'Resource not found.');
    if (verb !== 'read') found.version += 1;
    if (verb === 'cancel') found['status'] = 'canceling';
    const principals = found['principal_ids'] as string[] | undefined;
    const principal = flags.get('principal') ?? '';
    if (verb === 'add-principals') found['principal_ids'] = [...(principals ?? []), principal];
    if (verb === 'remove-principals') found['principal_ids'] = (principals ?? []).filter((id) => id !== principal);
    writeFileSync(file, JSON.stringify(state));
    answer(200, { item: found });
  }
}
