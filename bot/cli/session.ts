import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Kept = z.strictObject({
  issuer: z.string(),
  clientId: z.string(),
  audience: z.string(),
  subject: z.string(),
  accessToken: z.string(),
  /** Null: the issuer gave none, so the session ends with the access token. */
  refreshToken: z.string().nullable(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number(),
});
export type Kept = z.infer<typeof Kept>;

/** By the origin of the API: a token goes to the server for which it was got, and to no other. */
const File = z.strictObject({ version: z.literal(1), sessions: z.record(z.string(), Kept) });

/** A sign-in at one server, and where it is kept. */
export interface Session extends Kept {
  readonly file: string;
  readonly server: string;
}

/** The file with the sessions cannot be used. */
export class SessionBroken extends Error {
  readonly code = 'session_broken';
  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read: remove it, and sign in again (watchkeeper login)`, { cause });
    this.name = 'SessionBroken';
  }
}

/** Null: this machine has no place for what a person keeps. */
export function configDirectory(given: Readonly<Record<string, string>>): string | null {
  const { XDG_CONFIG_HOME: config, HOME: home } = given;
  const base = config ?? (home === undefined ? null : join(home, '.config'));
  return base === null ? null : join(base, 'watchkeeper');
}

/** Null: this machine has no place for it. */
export function sessionFile(given: Readonly<Record<string, string>>): string | null {
  const directory = configDirectory(given);
  return directory === null ? null : join(directory, 'session.json');
}

function readAll(file: string): z.infer<typeof File> {
  try {
    return File.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { version: 1, sessions: {} };
    throw new SessionBroken(file, error);
  }
}

/** `url` is the address of the API. Null: nobody has signed in there. Throws SessionBroken. */
export function readSession(file: string | null, url: string): Session | null {
  const server = new URL(url).origin;
  const kept = file === null ? undefined : readAll(file).sessions[server];
  return kept === undefined || file === null ? null : { ...kept, file, server };
}

/** Only the owner may read it; another process sees the old file or the new one, never half of one. */
function writeAll(file: string, sessions: z.infer<typeof File>['sessions']): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify({ version: 1, sessions }), { mode: 0o600 });
  renameSync(next, file);
}

export function writeSession({ file, server, ...kept }: Session): void {
  writeAll(file, { ...readAll(file).sessions, [server]: kept });
}

/** Those at other servers stay. */
export function dropSession({ file, server }: Pick<Session, 'file' | 'server'>): void {
  const { [server]: _dropped, ...rest } = readAll(file).sessions;
  writeAll(file, rest);
}
