import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SiteIncomplete } from './errors.ts';

/** Paths of files with the credentials of two accounts: reads never use the one that writes. */
export const TwoFiles = z.strictObject({ read: z.string().min(1), write: z.string().min(1) });
export type TwoFiles = z.infer<typeof TwoFiles>;

export type Credentials = keyof TwoFiles;

/** `secret/data/watchkeeper/argocd`: the mount, `data`, and the path below it. */
const EntryPath = z
  .string()
  .max(300)
  .regex(
    /^(?!(.*\/)?\.{1,2}(\/|$))[A-Za-z0-9_.@-]+(\/[A-Za-z0-9_.@-]+)*\/data(\/[A-Za-z0-9_.@-]+)+$/,
    'must be MOUNT/data/PATH, as the API of a KV engine of version 2 has it',
  );

/** Where a value is that stands in no file: in a variable of the runner, or in the Vault of `credentials.vault`. */
export const Reference = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/) }),
  z.strictObject({ vault: z.strictObject({ path: EntryPath, field: z.string().regex(/^[^\p{Cc}]{1,100}$/u) }) }),
]);
export type Reference = z.infer<typeof Reference>;

/** What a runner puts in the place of a reference (tools/held). */
export interface Held {
  readonly reference: Reference;
  /** As it is now; the redactor knows it before the caller. Throws SiteIncomplete. */
  readonly value: () => Promise<string>;
  /** Path of a private file that holds it as it is now, for programs that read files. Throws SiteIncomplete. */
  readonly path: () => Promise<string>;
}

/** A path, or where else the value is. */
export type Source = string | Reference | Held;

const Source = z
  .union([z.string().min(1), Reference], {
    error: 'must be the path of a file, { env: NAME }, or { vault: { path: MOUNT/data/PATH, field: NAME } }',
  })
  .transform((source): Source => source)
  .meta({ id: 'Credential' });

/** Where the credentials of two accounts are: reads never use the one that writes. */
export const TwoSources = z.strictObject({ read: Source, write: Source });
export type TwoSources = z.infer<typeof TwoSources>;

export const isHeld = (source: Source): source is Held => typeof source === 'object' && 'reference' in source;

function unheld(where: string, credentials: Credentials): SiteIncomplete {
  return new SiteIncomplete(`${where}.${credentials} of the site can be read by its runner only`);
}

/**
 * What a source holds. Asked each time, so that it may be renewed while the runner runs. `where`: its setting. Throws SiteIncomplete, of
 * what could be no part of a header too.
 */
export async function tokenIn(sources: TwoSources, credentials: Credentials, where: string): Promise<string> {
  const token = (await textIn(sources[credentials], credentials, where)).trim();
  if (token === '') throw new SiteIncomplete(`${where}.${credentials} of the site cannot be read, or is empty`);
  if (/\p{Cc}/u.test(token)) throw new SiteIncomplete(`${where}.${credentials} of the site has several lines, or control characters`);
  return token;
}

async function textIn(source: Source, credentials: Credentials, where: string): Promise<string> {
  if (typeof source === 'string') return await readFile(source, 'utf8').catch(() => '');
  if (isHeld(source)) return await source.value();
  throw unheld(where, credentials);
}

/** The path of a file with a credential that programs read by themselves. Throws SiteIncomplete. */
export async function pathIn(sources: TwoSources, credentials: Credentials, where: string): Promise<string> {
  const source = sources[credentials];
  if (typeof source === 'string') return source;
  if (isHeld(source)) return await source.path();
  throw unheld(where, credentials);
}

/** The header that a bearer token goes in; none where no token is configured. Throws SiteIncomplete. */
export async function bearer(
  sources: TwoSources | undefined,
  credentials: Credentials,
  where: string,
): Promise<Readonly<Record<string, string>>> {
  return sources === undefined ? {} : { authorization: `Bearer ${await tokenIn(sources, credentials, where)}` };
}
