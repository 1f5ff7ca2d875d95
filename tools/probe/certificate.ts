import { checkServerIdentity, type TLSSocket } from 'node:tls';
import { z } from 'zod';

export const Certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  notBefore: z.string(),
  notAfter: z.string(),
  /** Whole days that are left; negative when it has expired. */
  daysLeft: z.number().int(),
  /** Whether a client that trusts the usual authorities takes it for this host. */
  trusted: z.boolean(),
  /** Why not; null: it does. */
  problem: z.string().nullable(),
  protocol: z.string(),
});
export type Certificate = z.infer<typeof Certificate>;

const dayMs = 86_400_000;

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? value.join(', ') : (value ?? ''));

/** What the other side showed. */
export function certificateOf(socket: TLSSocket, host: string, now: Date): Certificate {
  const shown = socket.getPeerCertificate();
  const [notBefore, notAfter] = [new Date(shown.valid_from), new Date(shown.valid_to)];
  const name = checkServerIdentity(host, shown)?.message ?? null;
  const problem = socket.authorized ? name : String(socket.authorizationError);
  return {
    subject: one(shown.subject?.CN),
    issuer: one(shown.issuer?.CN) || one(shown.issuer?.O),
    names: (shown.subjectaltname ?? '')
      .split(', ')
      .filter((text) => text !== '')
      .slice(0, 50),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    daysLeft: Math.floor((notAfter.getTime() - now.getTime()) / dayMs),
    trusted: problem === null,
    problem,
    protocol: socket.getProtocol() ?? '',
  };
}
