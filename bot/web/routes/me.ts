import type { Site } from '../site.ts';
import { me } from '../views/me.ts';

/** Who somebody is here, and where else they are signed in. */
export function mePages(site: Site): void {
  const { sessions } = site.options;
  site.page('/me', async ({ person, session, principal, viewer }) =>
    me({ person, session, sessions: await sessions.of(session.subject), scopes: principal.scopes, token: viewer.token }),
  );
  site.form(
    '/me/sessions/:hash/end',
    () => '/me',
    async ({ session }, _fields, { params }) => {
      const hash = /^[0-9a-f]{64}$/.test(params['hash'] ?? '') ? (params['hash'] ?? '') : null;
      const ended = hash !== null && (await sessions.endOther(session.subject, hash));
      return { to: '/me', say: ended ? 'That session has ended.' : 'That session had ended already.' };
    },
  );
}
