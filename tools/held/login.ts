import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import type { AskVault } from './server.ts';
import type { VaultLogin } from './settings.ts';

/** The runner's own token. */
export interface Login {
  /** Throws SiteIncomplete. */
  token(): Promise<string>;
  /** Another one than that which was refused; null: there is none, and a login would give no other rights. Throws SiteIncomplete. */
  another(refused: string): Promise<string | null>;
  /** Ends a token that was made here. */
  stop(): Promise<void>;
}

export interface LoginDeps {
  readonly ask: AskVault;
  readonly learn: (secrets: readonly string[]) => void;
  readonly now: () => Date;
}

export function createLogin({ auth }: VaultLogin, deps: LoginDeps): Login {
  return 'jwt' in auth ? loginWith(auth.jwt, deps) : tokenOf(auth.tokenFile, deps);
}

async function wordIn(path: string, setting: string, learn: LoginDeps['learn']): Promise<string> {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim();
  learn([text]);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new SiteIncomplete(
    `${path} cannot be read, is empty, or holds no token: see who writes it, or correct credentials.vault.auth.${setting}`,
  );
}

/** Somebody else renews it. */
function tokenOf(path: string, { learn }: LoginDeps): Login {
  const token = () => wordIn(path, 'tokenFile', learn);
  return {
    token,
    async another(refused) {
      const now = await token();
      return now === refused ? null : now;
    },
    stop: async () => {},
  };
}

const Answer = z.object({ auth: z.object({ client_token: z.string().min(1), lease_duration: z.number().nonnegative() }) });

interface Session {
  readonly token: string;
  /** Milliseconds. */
  readonly since: number;
  readonly renewAt: number;
  readonly endsAt: number;
}

/** Milliseconds in which a new token is not refused for its age: another would have the same rights. */
const freshMs = 5_000;

/** Milliseconds after which a token that never ends is replaced. */
const longestMs = 3_600_000;

type Identity = Extract<VaultLogin['auth'], { jwt: object }>['jwt'];

/** Logs in when two thirds of a token's time are over. While that fails for want of an answer, what still holds is used. */
function loginWith({ mount, role, tokenFile }: Identity, { ask, learn, now }: LoginDeps): Login {
  let session: Session | null = null;
  let pending: Promise<Session> | null = null;
  let stopped = false;
  const ending = new Set<Promise<unknown>>();

  /** A token ends by itself where this is not heard. */
  async function end(token: string): Promise<void> {
    const heard = ask({ method: 'POST', path: 'auth/token/revoke-self', token }).catch(() => undefined);
    ending.add(heard);
    await heard;
    ending.delete(heard);
  }

  async function logIn(): Promise<Session> {
    const jwt = await wordIn(tokenFile, 'jwt.tokenFile', learn);
    const { status, body, words } = await ask({ method: 'POST', path: `auth/${mount}/login`, body: { role, jwt } });
    const answer = Answer.safeParse(body);
    if (status !== 200 || !answer.success)
      throw new SiteIncomplete(
        `Vault does not let the runner in as ${role} of auth/${mount}${words === '' ? '' : ` (${words})`}: correct credentials.vault.auth.jwt, or the role's bounds in Vault`,
        'forbidden',
      );
    const { client_token: token, lease_duration: seconds } = answer.data.auth;
    learn([token]);
    const since = now().getTime();
    const lasts = seconds === 0 ? longestMs : seconds * 1000;
    const old = session?.token;
    session = { token, since, renewAt: since + (lasts * 2) / 3, endsAt: since + lasts };
    // Logins must not pile up. Whoever still asks with the one before is refused, and asks again with this.
    if (old !== undefined && old !== token) void end(old);
    return session;
  }

  function renewed(): Promise<Session> {
    if (stopped) return Promise.reject(new SiteIncomplete('the runner is being stopped'));
    pending ??= logIn().finally(() => {
      pending = null;
    });
    return pending;
  }

  return {
    async token() {
      const [held, at] = [session, now().getTime()];
      if (held !== null && at < held.renewAt) return held.token;
      try {
        return (await renewed()).token;
      } catch (error) {
        const away = error instanceof SiteIncomplete && error.code !== 'forbidden';
        if (away && held !== null && at < held.endsAt) return held.token;
        throw error;
      }
    },
    async another(refused) {
      if (session !== null && session.token !== refused) return session.token;
      if (session !== null && now().getTime() - session.since < freshMs) return null;
      return (await renewed()).token;
    },
    async stop() {
      stopped = true;
      // The token that a login under way is about to give would hold for its whole time otherwise.
      await pending?.catch(() => undefined);
      const token = session?.token;
      session = null;
      if (token !== undefined) void end(token);
      await Promise.all(ending);
    },
  };
}
