import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LoginSecrets } from '../oidc/login.ts';
import { cookieOf, setCookie } from './cookie.ts';
import { createSeal } from './seal.ts';
import { sessionLimits } from './sessions.ts';

/** A sign-in that is under way: what has to come back, and where the person wanted to go. */
const UnderWay = z.strictObject({ login: LoginSecrets, to: z.string() });
type UnderWay = z.infer<typeof UnderWay>;

const signInSeconds = 600;
const saidSeconds = 60;

/** What the pages keep in a browser. */
export interface Cookies {
  /** Id of the session. */
  session(request: FastifyRequest): string | undefined;
  /** Undefined takes it away. */
  setSession(reply: FastifyReply, id: string | undefined): void;
  signIn(request: FastifyRequest): Promise<UnderWay | null>;
  setSignIn(reply: FastifyReply, underWay: UnderWay | null): Promise<void>;
  /** What the next page says at its top; said once. */
  said(request: FastifyRequest, reply: FastifyReply): Promise<string | null>;
  say(reply: FastifyReply, text: string): Promise<void>;
}

/** `baseUrl`: where people reach the pages; `key`: the installation's, 32 bytes. */
export function createCookies(baseUrl: () => string | null, key: Uint8Array): Cookies {
  const signIns = createSeal({ key, purpose: 'sign-in cookie', schema: UnderWay, seconds: signInSeconds });
  const words = createSeal({ key, purpose: 'notice cookie', schema: z.string(), seconds: saidSeconds });
  const secure = () => baseUrl()?.startsWith('https:') === true;
  // With the prefix a browser takes it over https only, from this host only (RFC 6265bis, 4.1.3).
  const name = (of: string) => `${secure() ? '__Host-' : ''}watchkeeper_${of}`;
  const get = (request: FastifyRequest, of: string) => cookieOf(request.headers.cookie, name(of));
  const set = (reply: FastifyReply, of: string, value: string, seconds: number) =>
    void reply.header('set-cookie', setCookie(name(of), value, seconds, secure()));
  return {
    session: (request) => get(request, 'session'),
    // It outlives the session by the time for which a draft waits: the id of an ended session opens nothing else.
    setSession: (reply, id) => set(reply, 'session', id ?? '', id === undefined ? 0 : sessionLimits.draftHours * 3_600),
    signIn: (request) => signIns.open(get(request, 'sign_in')),
    async setSignIn(reply, underWay) {
      set(reply, 'sign_in', underWay === null ? '' : await signIns.seal(underWay), underWay === null ? 0 : signInSeconds);
    },
    async said(request, reply) {
      const kept = get(request, 'said');
      if (kept === undefined) return null;
      set(reply, 'said', '', 0);
      return words.open(kept);
    },
    async say(reply, text) {
      set(reply, 'said', await words.seal(text.slice(0, 1_000)), saidSeconds);
    },
  };
}
