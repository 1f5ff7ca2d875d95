import type { Command } from 'commander';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { registerLoginCodex } from './login-codex.ts';
import { print } from './out.ts';

interface LoginFlags extends JsonFlag {
  readonly browser: boolean;
}

export function registerLogin(program: Command, context: CliContext): void {
  const { out, variables } = context;
  const command = withJson(program.command('login'))
    .description('sign in as a person: what you ask and answer then counts as yours (approve, reject)')
    .option('--no-browser', 'show a code to type in on another device, instead of an address to open on this machine')
    .action(async (flags: LoginFlags) => {
      // Loaded when asked for: the other commands need no client of an identity provider.
      const { login } = await import('./login-flow.ts');
      const { server, issuer, subject } = await login(flags.browser, out, variables);
      print(out, { server, issuer, subject }, flags.json, () => [`Signed in at ${server} as ${subject}.`]);
    });
  registerLoginCodex(command, context);
}
