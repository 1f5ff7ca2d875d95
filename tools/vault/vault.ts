import { z } from 'zod';
import { NotFound, SiteIncomplete } from '../errors.ts';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import type { CliCommand, HttpCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a call may take. */
export const vaultTimeoutMs = 30_000;

const segment = '[A-Za-z0-9_][A-Za-z0-9_.+-]*';

/** `team-a/app/db`: no leading slash, no `..`, nothing that the program would take for a file. */
export const VaultPath = argument(300)
  .regex(new RegExp(`^${segment}(/${segment})*$`), 'must be a path such as team-a/app')
  .refine((path) => !path.includes('..'), 'must not contain ".."');

export const VaultName = argument(128)
  .regex(new RegExp(`^${segment}$`), 'must be a name')
  .refine((name) => !name.includes('..'), 'must not contain ".."');

/** A vault command line, JSON to standard output. Address, token, namespace and authority come from the environment that the runner fixes. */
export function vault(site: SiteFacts, words: readonly string[], flags: readonly string[] = [], args: readonly string[] = []): CliCommand {
  if (site.vault === undefined) throw new SiteIncomplete(`site ${site.name} has no Vault: configure sites[].vault`);
  return { kind: 'cli', binary: 'vault', argv: [...words, '-format=json', ...flags, ...args] };
}

/** A command that prints words, and knows no format. */
export function vaultText(site: SiteFacts, argv: readonly string[]): CliCommand {
  return { ...vault(site, []), argv };
}

/**
 * vault where it is installed, else the request that it would make. Only below `/v1/sys`: what lies elsewhere could be data.
 * `path`: what follows that.
 */
export function eitherSys(site: SiteFacts, command: CliCommand, path: string): CliCommand | HttpCommand {
  if (site.has('vault')) return command;
  return { kind: 'http', method: 'GET', service: 'vault', path: `/v1/sys/${path}`, query: {} };
}

const Mounts = z.record(z.string(), z.looseObject({ type: z.string() }));

/**
 * A command about one thing of a secrets engine: the runner looks first, with the credentials of a read, that there is an engine of that
 * type and no other. So a path that is written like a key or a certificate never reads what somebody keeps in a key-value store.
 */
export function within(site: SiteFacts, type: string, mount: string, rest: string, command: (path: string) => CliCommand): CliCommand {
  const path = `${mount}/${rest}`;
  return {
    ...command(path),
    bound: {
      placeholder: path,
      command: vault(site, ['secrets', 'list']),
      value: ({ stdout }) => {
        if (parseJson(Mounts, stdout)[`${mount}/`]?.type !== type) throw new NotFound(`there is no secrets engine ${type} at ${mount}`);
        return path;
      },
    },
  };
}

/** What `vault read -format=json` prints around the data. */
export function dataOf<T>(type: z.ZodType<T>, text: string): T {
  return parseJson(z.object({ data: type }), text).data;
}
