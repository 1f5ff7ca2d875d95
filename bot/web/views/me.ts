import type { Member } from '../../people.ts';
import type { WebSession } from '../../store/web-sessions.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { chip, facts, nothing, outside, section, table, time, timeOr, tokenField } from './parts.ts';

export interface Me {
  readonly person: Member;
  readonly session: WebSession;
  readonly sessions: readonly WebSession[];
  readonly scopes: readonly string[];
  readonly token: string;
}

const list = (words: readonly string[]) => words.join(', ') || 'none';

function row({ session, token }: Me, one: WebSession) {
  const own = one.hash === session.hash;
  const end = html`<form method="post" action="/me/sessions/${one.hash}/end">${tokenField(token)}<button>End it</button></form>`;
  return [outside(one.agent), time(one.createdAt), time(one.seenAt), time(one.expiresAt), own ? chip('This one', 'info') : end];
}

export function me(data: Me): View {
  const { person, session, sessions, scopes, token } = data;
  const who = facts([
    ['Person', html`<code>${person.id}</code>`],
    ['Roles', list(person.roles)],
    ['Groups', list(person.groups)],
    ['May over the API', list(scopes)],
    ['Signed in as', html`<code>${session.subject}</code>`],
    ['Credentials given (UTC)', timeOr(session.signedInAt, 'the identity provider does not say')],
  ]);
  const head = ['Browser', 'Since (UTC)', 'Last used (UTC)', 'Ends at the latest (UTC)', 'End'];
  const rows = sessions.map((one) => row(data, one));
  const body = html`${who}
<form method="post" action="/logout">${tokenField(token)}<button>Sign out</button></form>
${section('sessions', 'Your sessions', table({ caption: 'Your sessions', head, rows, none: 'None.' }))}${nothing}`;
  return { title: person.name, section: '/me', body };
}
