import type { Command } from 'commander';
import { ConfigInvalid, readSettings } from '../config.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { underLock } from './lock.ts';
import { print } from './out.ts';

interface Flags extends JsonFlag {
  readonly browser: boolean;
}

export function registerLoginCodex(login: Command, { out, variables }: CliContext): void {
  withJson(login.command('codex'))
    .description('sign in with a ChatGPT account whose Codex subscription the provider openai-codex uses (CODEX_AUTH_FILE)')
    .option('--no-browser', 'show a code to type in on another device, instead of an address to open on this machine')
    .action(async (_flags: Flags, command: Command) => {
      // The command above has options of the same names, and takes them first.
      const flags = command.optsWithGlobals<Flags>();
      const path = readSettings(variables).given['CODEX_AUTH_FILE'];
      if (path === undefined)
        throw new ConfigInvalid([
          'CODEX_AUTH_FILE is not set: set it to a file of its own; sharing the one of another program ends the login of both',
        ]);
      // Loaded when asked for: the other commands need none of it.
      const { loginByBrowser, loginByDevice } = await import('../llm/codex/login.ts');
      const { writeCodexAuth } = await import('../llm/codex/auth-file.ts');
      const auth = await (flags.browser ? loginByBrowser : loginByDevice)({ say: out.note });
      await underLock(`${path}.lock`, async () => writeCodexAuth(path, auth));
      print(out, { file: path, account: auth.tokens.account_id }, flags.json, () => [`Signed in; the tokens are in ${path}.`]);
    });
}
