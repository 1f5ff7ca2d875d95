import type { Command } from 'commander';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { exitStatus } from './exit-status.ts';
import type { LoggedOut } from './logout-flow.ts';
import { print } from './out.ts';
import { loginSettings } from './settings.ts';

const words: Readonly<Record<NonNullable<LoggedOut['problem']>, string>> = {
  no_revocation: 'takes no tokens back (it has no revocation endpoint): they end by themselves.',
  issuer_unavailable: 'does not answer: it has taken nothing back. Sign out there in a browser, where you can end sessions.',
  refused: 'took nothing back: it does not know the tokens any more, or refuses to.',
};

function lines({ server, issuer, subject, revoked, problem, endSession, accessUntil }: LoggedOut): readonly string[] {
  const named = revoked.map((kind) => `the ${kind.replace('_', ' ')}`).join(' and ');
  return [
    `Signed out at ${server}: the tokens of ${subject} are deleted here.`,
    problem === null ? `The identity provider ${issuer} took back ${named}.` : `The identity provider ${issuer} ${words[problem]}`,
    ...(accessUntil === null
      ? []
      : [`An access token that was copied is good until ${accessUntil}: it is checked by its signature alone.`]),
    ...(endSession === null ? [] : [`A browser stays signed in there; to sign it out, open ${endSession}`]),
  ];
}

export function registerLogout(program: Command, { out, variables, exit }: CliContext): void {
  withJson(program.command('logout'))
    .description('sign out: the identity provider takes the tokens back where it can, and they are deleted here in any case')
    .action(async ({ json }: JsonFlag) => {
      const { url, file } = loginSettings(variables);
      // Loaded when asked for: the other commands need no client of an identity provider.
      const { logout } = await import('./logout-flow.ts');
      const done = await logout(file, url);
      const server = new URL(url).origin;
      if (done === null) return print(out, { server, subject: null }, json, () => [`Nobody is signed in at ${server}.`]);
      print(out, done, json, lines);
      if (done.problem === 'issuer_unavailable') exit(exitStatus.failed);
    });
}
