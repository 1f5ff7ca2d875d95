import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readSettings } from '../config.ts';
import { configDirectory } from './session.ts';
import type { Variables } from './settings.ts';

/** A server by a name. The token goes to that server only; null: whoever signed in there (watchkeeper login). */
export const Profile = z.strictObject({ url: z.url({ protocol: /^https?$/ }), token: z.string().min(1).nullable() });
export type Profile = z.infer<typeof Profile>;

export const ProfileName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'letters, digits, dots, dashes and underscores');

const Profiles = z.strictObject({
  version: z.literal(1),
  /** Used where neither --profile nor WATCHKEEPER_URL names a server. */
  current: z.string().nullable(),
  profiles: z.record(ProfileName, Profile),
});
export type Profiles = z.infer<typeof Profiles>;

/** The file with the profiles cannot be used, or has none of that name. */
export class ProfileInvalid extends Error {
  readonly code = 'profile_invalid';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ProfileInvalid';
  }
}

function fileOf(variables: Variables | undefined): string | null {
  const directory = configDirectory(readSettings(variables).given);
  return directory === null ? null : join(directory, 'profiles.json');
}

/** Throws ProfileInvalid. */
export function readProfiles(variables?: Variables): Profiles {
  const file = fileOf(variables);
  const none: Profiles = { version: 1, current: null, profiles: {} };
  if (file === null) return none;
  try {
    return Profiles.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return none;
    throw new ProfileInvalid(`${file} cannot be read: correct it, or remove it and add the profiles anew (watchkeeper profile add)`, error);
  }
}

/** Only the owner may read it; another process sees the old file or the new one, never half of one. Throws ProfileInvalid. */
export function writeProfiles(profiles: Profiles, variables?: Variables): void {
  const file = fileOf(variables);
  if (file === null) throw new ProfileInvalid('neither XDG_CONFIG_HOME nor HOME is set: there is no place for profiles');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify(profiles, null, 2), { mode: 0o600 });
  renameSync(next, file);
}

/** Throws ProfileInvalid. */
export function profileNamed(name: string, { profiles }: Profiles): Profile {
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(profiles);
  const known = names.length === 0 ? 'there are none yet: watchkeeper profile add' : `there are: ${names.join(', ')}`;
  throw new ProfileInvalid(`there is no profile ${name}; ${known}`);
}

/**
 * The variables with the server of the profile in place of what the environment names. Without a name the current profile counts, unless
 * WATCHKEEPER_URL names a server. Throws ProfileInvalid.
 */
export function withProfile(name: string | null, variables: Variables | undefined): Variables | undefined {
  const { given } = readSettings(variables);
  if (name === null && given['WATCHKEEPER_URL'] !== undefined) return variables;
  const profiles = name === null ? currentOrNone(variables) : readProfiles(variables);
  const chosen = name ?? profiles.current;
  if (chosen === null) return variables;
  const { url, token } = profileNamed(chosen, profiles);
  return { ...given, WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: token ?? undefined };
}

/** A broken file breaks the commands that need a server, and no other: these say what they lack. */
function currentOrNone(variables: Variables | undefined): Profiles {
  try {
    return readProfiles(variables);
  } catch (error) {
    if (!(error instanceof ProfileInvalid)) throw error;
    return { version: 1, current: null, profiles: {} };
  }
}

/** Takes `--profile NAME` out of a command line: it may stand anywhere before `--`. */
export function takeProfile(argv: readonly string[]): { readonly profile: string | null; readonly rest: readonly string[] } {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const at = options.findIndex((word) => word === '--profile' || word.startsWith('--profile='));
  if (at === -1) return { profile: null, rest: argv };
  const word = argv[at] ?? '';
  const joined = word.startsWith('--profile=');
  const name = joined ? word.slice('--profile='.length) : argv[at + 1];
  // Left to commander, which says that the name is missing.
  if (name === undefined || name === '') return { profile: null, rest: argv };
  return { profile: name, rest: [...argv.slice(0, at), ...argv.slice(at + (joined ? 1 : 2))] };
}
