import { expect, test } from 'vitest';
import { readable } from './testing.ts';
import { signInLink, unknownPerson } from './unknown-person.ts';

test('whoever is not known gets a link of their own', () => {
  expect(readable(signInLink('https://wk.example/link/abc', 10))).toMatchInlineSnapshot(`
    ":bust_in_silhouette: I do not know who you are yet, so nothing was done.
    *<https://wk.example/link/abc|Sign in once>*, so that I know whose this Slack account is; then do it again.
    The link works once, for 10 minutes, and is for you alone: whoever signs in with it acts through your Slack account."
  `);
});

test('or hears what an administrator has to write, where nobody can sign in', () => {
  expect(readable(unknownPerson({ team: 'T1', user: '<!channel>' }))).toMatchInlineSnapshot(`
    ":no_entry: I do not know who you are, so nothing was done.
    An administrator has to list you under \`people\` in the configuration, with \`slack: { team: T1, user: &lt;!channel&gt; }\`."
  `);
});
