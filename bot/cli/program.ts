import { Command, CommanderError } from 'commander';
import { registerAudit } from './audit.ts';
import { registerBreakGlass } from './break-glass.ts';
import { registerConfig } from './config.ts';
import { version } from './connect.ts';
import { createCliContext } from './context.ts';
import { registerDoctor } from './doctor.ts';
import { registerIncidents } from './incidents.ts';
import { registerLogin } from './login.ts';
import { registerMigrate } from './migrate.ts';
import type { Out } from './out.ts';
import { registerOutbox } from './outbox.ts';
import { registerPlans } from './plans.ts';
import { registerPolicy } from './policy.ts';
import { registerServe } from './serve.ts';
import type { Variables } from './settings.ts';
import { registerTokens } from './tokens.ts';
import { registerTools } from './tools.ts';
import { registerUp } from './up.ts';

const wrongUse = 2;

/** Errors that are meant for the person at the terminal: their words are enough, a stack would hide them. */
function isForPeople(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z_]+$/.test(error.code);
}

function wordsOf(error: unknown): string {
  if (isForPeople(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const registrations = [
  registerUp,
  registerServe,
  registerMigrate,
  registerDoctor,
  registerConfig,
  registerIncidents,
  registerPlans,
  registerBreakGlass,
  registerPolicy,
  registerAudit,
  registerOutbox,
  registerTools,
  registerTokens,
  registerLogin,
];

/** Runs one command line (without program names); answers the exit status: 0 done, 1 failed, 2 wrong use. */
export async function runCli(argv: readonly string[], out: Out, variables?: Variables): Promise<number> {
  let status = 0;
  const trimmed = (write: (text: string) => void) => (text: string) => write(text.replace(/\n$/, ''));
  const program = new Command('watchkeeper')
    .description('A DevOps assistant in Slack: investigates, shows its evidence, asks before it acts.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: trimmed(out.line), writeErr: trimmed(out.note) })
    .showHelpAfterError('(add --help for what this command takes)');
  const context = createCliContext(
    out,
    (code) => {
      status = code;
    },
    variables,
  );
  for (const register of registrations) register(program, context);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUse;
    out.note(`watchkeeper: ${wordsOf(error)}`);
    return 1;
  }
}
