import { z } from 'zod';
import { type CodexAuth, CodexLoginNeeded, claimsOf } from './auth-file.ts';
import { codexClientId } from './tokens.ts';

const Tokens = z.object({ id_token: z.string().optional(), access_token: z.string().min(1), refresh_token: z.string().min(1) });

/** What a login gave, for its tokens. Throws CodexLoginNeeded. */
export async function exchange(
  issuer: string,
  { code, verifier, redirectUri }: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
): Promise<CodexAuth> {
  const form = { grant_type: 'authorization_code', client_id: codexClientId, code, code_verifier: verifier, redirect_uri: redirectUri };
  const response = await fetch(new URL('/oauth/token', issuer), {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'error',
    signal: AbortSignal.timeout(20_000),
  });
  const tokens = Tokens.safeParse(await response.json().catch(() => null));
  if (!response.ok || !tokens.success) throw new CodexLoginNeeded(`the login gave no tokens (status ${response.status})`);
  const account = claimsOf(tokens.data.access_token).account;
  if (account === null) throw new CodexLoginNeeded('the login names no account: it has no Codex subscription');
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: { ...tokens.data, account_id: account },
    last_refresh: new Date().toISOString(),
  };
}
