import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { z } from 'zod';

/** The file of the Codex command line; unknown fields stay as they are. */
export const CodexAuth = z.looseObject({
  tokens: z.looseObject({
    id_token: z.string().optional(),
    access_token: z.string().min(1),
    refresh_token: z.string().min(1),
    account_id: z.string().optional(),
  }),
  last_refresh: z.string().optional(),
});
export type CodexAuth = z.infer<typeof CodexAuth>;

export class CodexLoginNeeded extends Error {
  readonly code = 'codex_login_needed';
  constructor(reason: string, options?: ErrorOptions) {
    super(`${reason}: sign in with watchkeeper login codex`, options);
    this.name = 'CodexLoginNeeded';
  }
}

/** Throws CodexLoginNeeded where there is none that can be used. */
export function readCodexAuth(path: string): CodexAuth {
  if (!existsSync(path)) throw new CodexLoginNeeded(`there is no file at ${path} (CODEX_AUTH_FILE)`);
  try {
    return CodexAuth.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new CodexLoginNeeded(`the file at ${path} (CODEX_AUTH_FILE) holds no tokens`, { cause: error });
  }
}

/** As a whole, or not at all; only the owner may read it. */
export function writeCodexAuth(path: string, auth: CodexAuth): void {
  const next = `${path}.${process.pid}.new`;
  writeFileSync(next, `${JSON.stringify(auth, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}

const Claims = z.object({
  exp: z.number().optional(),
  'https://api.openai.com/auth': z.object({ chatgpt_account_id: z.string().optional() }).optional(),
});

/** What an access token says of itself; nothing where it is none of the form. */
export function claimsOf(token: string): { readonly expiresMs: number | null; readonly account: string | null } {
  try {
    const claims = Claims.parse(decodeJwt(token));
    const { exp, 'https://api.openai.com/auth': auth } = claims;
    return { expiresMs: exp === undefined ? null : exp * 1_000, account: auth?.chatgpt_account_id ?? null };
  } catch {
    return { expiresMs: null, account: null };
  }
}
