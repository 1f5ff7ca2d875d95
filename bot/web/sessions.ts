import { createHmac, randomBytes } from 'node:crypto';
import type { DatabasePool } from 'slonik';
import { z } from 'zod';
import type { IssuerClaims } from '../oidc/claims.ts';
import type { Directory, Member } from '../people.ts';
import * as rows from '../store/web-sessions.ts';
import { createSeal } from './seal.ts';

/** Minutes without a request after which a session ends, hours after which it ends in any case, and hours for which a draft waits. */
export const sessionLimits = { idleMinutes: 30, absoluteHours: 8, draftHours: 24 } as const;

const [minuteMs, hourMs] = [60_000, 3_600_000];

/** What somebody had typed into the form of a page when their session had ended. */
export const Draft = z.strictObject({ page: z.string().max(2_000), fields: z.record(z.string(), z.string()) });
export type Draft = z.infer<typeof Draft>;

export type Found =
  | { readonly kind: 'live'; readonly session: rows.WebSession; readonly person: Member }
  /** `known`: there was one, and it is over. */
  | { readonly kind: 'none'; readonly known: boolean }
  /** They are listed no more. */
  | { readonly kind: 'unknown_person'; readonly subject: string };

/** Sessions of the pages; ids are what the browser keeps, and only their hashes are stored. Throws StoreUnavailable. */
export interface Sessions {
  /** A new id at each sign-in; the session of `before`, if it is of the same subject, ends, and its draft goes on in the new one. */
  open(claims: IssuerClaims, person: Member, agent: string, before: string | undefined): Promise<string>;
  /** Whose it is now: roles and groups are asked for at each use. `quiet`: it does not count as use. */
  use(id: string | undefined, quiet?: boolean): Promise<Found>;
  end(id: string | undefined): Promise<void>;
  of(subject: string): Promise<readonly rows.WebSession[]>;
  endOther(subject: string, hash: string): Promise<boolean>;
  /** That there is or was, live or not. */
  known(id: string | undefined): Promise<rows.WebSession | null>;
  /** Keeps what was typed in the session, which may have ended. */
  keepDraft(hash: string, draft: Draft): Promise<void>;
  dropDraft(hash: string): Promise<void>;
  /** What was typed into a form of that page; null: nothing. */
  draft(session: rows.WebSession, page: string): Promise<Draft['fields'] | null>;
}

export interface SessionsOptions {
  readonly pool: DatabasePool;
  readonly directory: Pick<Directory, 'of'>;
  /** The installation's: 32 bytes. */
  readonly key: Uint8Array;
  readonly now: () => Date;
}

/** What the forms of a session carry: no other site can know it. */
export function formToken(id: string): string {
  return createHmac('sha256', id).update('watchkeeper form').digest('base64url');
}

/** Ids have 256 random bits; anything of another form is not worth asking the database about. */
const Id = z.string().regex(/^[\w-]{43}$/);

export function createSessions({ pool, directory, key, now }: SessionsOptions): Sessions {
  const seconds = (sessionLimits.draftHours * hourMs) / 1_000;
  const seal = createSeal({ key, purpose: 'form draft', schema: Draft, seconds });

  const isOver = ({ seenAt, expiresAt }: rows.WebSession) =>
    now().getTime() >= Math.min(Date.parse(expiresAt), Date.parse(seenAt) + sessionLimits.idleMinutes * minuteMs);

  async function row(id: string | undefined): Promise<rows.WebSession | null> {
    return Id.safeParse(id).success ? rows.getWebSession(pool, rows.hashOfSession(id ?? '')) : null;
  }

  async function touch(session: rows.WebSession): Promise<void> {
    const at = now();
    // Once a minute is enough.
    if (at.getTime() - Date.parse(session.seenAt) >= minuteMs) await rows.touchWebSession(pool, session.hash, at);
  }

  return {
    async open({ subject, signedInAt }, person, agent, before) {
      const at = now();
      const id = randomBytes(32).toString('base64url');
      const old = Id.safeParse(before).success ? await rows.endWebSession(pool, rows.hashOfSession(before ?? ''), subject) : null;
      await rows.insertWebSession(pool, {
        hash: rows.hashOfSession(id),
        subject,
        person: person.id,
        signedInAt: signedInAt?.toISOString() ?? null,
        agent: agent.slice(0, 300),
        createdAt: at.toISOString(),
        seenAt: at.toISOString(),
        expiresAt: new Date(at.getTime() + sessionLimits.absoluteHours * hourMs).toISOString(),
        draft: old?.draft ?? null,
      });
      await rows.forgetWebSessions(pool, new Date(at.getTime() - sessionLimits.draftHours * hourMs));
      return id;
    },
    async use(id, quiet = false) {
      const session = await row(id);
      if (session === null || isOver(session)) return { kind: 'none', known: session !== null };
      const person = await directory.of({ kind: 'oidc', subject: session.subject });
      if (person === null || person.id !== session.person) return { kind: 'unknown_person', subject: session.subject };
      if (!quiet) await touch(session);
      return { kind: 'live', session, person };
    },
    async end(id) {
      const session = await row(id);
      if (session !== null) await rows.endWebSession(pool, session.hash, session.subject);
    },
    async of(subject) {
      return (await rows.webSessionsOf(pool, subject)).filter((session) => !isOver(session));
    },
    endOther: async (subject, hash) => (await rows.endWebSession(pool, hash, subject)) !== null,
    known: row,
    keepDraft: async (hash, draft) => rows.setDraft(pool, hash, await seal.seal(draft)),
    dropDraft: (hash) => rows.setDraft(pool, hash, null),
    async draft(session, page) {
      const kept = session.draft === null ? null : await seal.open(session.draft);
      return kept?.page === page ? kept.fields : null;
    },
  };
}
