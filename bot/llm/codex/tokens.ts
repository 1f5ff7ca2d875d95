import { z } from 'zod';
import { underLock } from '../../cli/lock.ts';
import { ProviderFailed } from '../providers/provider.ts';
import { type CodexAuth, CodexLoginNeeded, claimsOf, readCodexAuth, writeCodexAuth } from './auth-file.ts';

/** The public client of the Codex command line. */
export const codexClientId = 'app_EMoamEEZ73f0CkXaXp7hrann';
export const codexIssuer = 'https://auth.openai.com';

/** Before it ends by so much, a token is renewed. */
const aheadMs = 5 * 60_000;
/** A login is renewed after so long, whatever its token says. */
const longestMs = 8 * 24 * 60 * 60_000;

const Refreshed = z.object({ access_token: z.string(), refresh_token: z.string().optional(), id_token: z.string().optional() });
const Refused = z.object({
  error: z.union([z.string(), z.object({ code: z.string().optional(), type: z.string().optional() })]).optional(),
});

export interface CodexTokens {
  /** A token that is good for some minutes. Throws CodexLoginNeeded, ProviderFailed. */
  current(): Promise<{ readonly token: string; readonly account: string }>;
}

export interface CodexTokensOptions {
  /** CODEX_AUTH_FILE. */
  readonly path: string;
  readonly issuer?: string;
  readonly now?: () => number;
  /** Told of tokens, so that they are redacted from then on. */
  readonly learn: (secrets: readonly string[]) => void;
}

function isOld({ tokens, last_refresh }: CodexAuth, now: number): boolean {
  const { expiresMs } = claimsOf(tokens.access_token);
  if (expiresMs !== null && expiresMs - now <= aheadMs) return true;
  const renewed = Date.parse(last_refresh ?? '');
  return Number.isNaN(renewed) ? expiresMs === null : now - renewed > longestMs;
}

async function ask(issuer: string, refreshToken: string): Promise<Response> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: codexClientId });
  try {
    return await fetch(new URL('/oauth/token', issuer), {
      method: 'POST',
      body: form,
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
    });
  } catch (error) {
    throw new ProviderFailed('unreachable', { cause: error });
  }
}

async function renew(issuer: string, auth: CodexAuth, now: number): Promise<CodexAuth> {
  const response = await ask(issuer, auth.tokens.refresh_token);
  const body: unknown = await response.json().catch(() => null);
  if (response.status >= 500 || response.status === 429) throw new ProviderFailed('overloaded');
  const refreshed = Refreshed.safeParse(body);
  if (!response.ok || !refreshed.success) {
    const said = Refused.safeParse(body).data?.error;
    const code = typeof said === 'string' ? said : (said?.code ?? said?.type ?? `status ${response.status}`);
    throw new CodexLoginNeeded(`the login was not renewed (${code.replaceAll(/[^\w .-]/g, '').slice(0, 60)})`);
  }
  const { refresh_token = auth.tokens.refresh_token, ...tokens } = refreshed.data;
  return { ...auth, tokens: { ...auth.tokens, ...tokens, refresh_token }, last_refresh: new Date(now).toISOString() };
}

/**
 * Tokens of a Codex subscription. Renewing gives a new refresh token and ends the old one: one process at a time renews, under a lock beside
 * the file, after reading it again, and what came is written before it is used.
 */
export function createCodexTokens({ path, issuer = codexIssuer, now = Date.now, learn }: CodexTokensOptions): CodexTokens {
  async function fresh(): Promise<CodexAuth> {
    const auth = readCodexAuth(path);
    if (!isOld(auth, now())) return auth;
    return underLock(`${path}.lock`, async () => {
      const again = readCodexAuth(path);
      // Another process was faster.
      if (!isOld(again, now())) return again;
      const renewed = await renew(issuer, again, now());
      writeCodexAuth(path, renewed);
      return renewed;
    });
  }
  return {
    async current() {
      const { tokens } = await fresh();
      learn([tokens.access_token, tokens.refresh_token, ...(tokens.id_token === undefined ? [] : [tokens.id_token])]);
      const account = tokens.account_id ?? claimsOf(tokens.access_token).account;
      if (account === null) throw new CodexLoginNeeded('the login names no account');
      return { token: tokens.access_token, account };
    },
  };
}
