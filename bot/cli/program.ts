import { Command, CommanderError } from 'commander';
import { registerApprovals } from './approvals.ts';
import { registerAudit } from './audit.ts';
import { registerBreakGlass } from './break-glass.ts';
import { registerCompletion } from './completion.ts';
import { registerConfig } from './config.ts';
import { version } from './connect.ts';
import { type CliContext, createCliContext } from './context.ts';
import { registerDoctor } from './doctor.ts';
import { addExamples } from './examples.ts';
import { adviceOf, exitStatus, statusOf } from './exit-status.ts';
import { registerIncidents } from './incidents.ts';
import { registerLogin } from './login.ts';
import { registerLogout } from './logout.ts';
import { registerMemories } from './memories.ts';
import { registerMigrate } from './migrate.ts';
import type { Out } from './out.ts';
import { registerOutbox } from './outbox.ts';
import { registerPlans } from './plans.ts';
import { registerPlaybooks } from './playbooks.ts';
import { registerPolicy } from './policy.ts';
import { registerProfiles } from './profile.ts';
import { takeProfile, withProfile } from './profiles.ts';
import { registerReference } from './reference.ts';
import type { Screen } from './screen.ts';
import { registerServe } from './serve.ts';
import type { Variables } from './settings.ts';
import { registerTokens } from './tokens.ts';
import { registerTools } from './tools.ts';
import { registerUp } from './up.ts';
import { registerWatch } from './watch.ts';

/** Errors that are meant for the person at the terminal: their words are enough, a stack would hide them. */
function isForPeople(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z_]+$/.test(error.code);
}

/** What the operating system refused, e.g. a file that is not to be made: its words name the path, and no stack says more. */
function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

function wordsOf(error: unknown): string {
  if (isForPeople(error) || isOfSystem(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const registrations = [
  registerUp,
  registerServe,
  registerMigrate,
  registerDoctor,
  registerConfig,
  registerIncidents,
  registerWatch,
  registerApprovals,
  registerPlans,
  registerBreakGlass,
  registerPolicy,
  registerPlaybooks,
  registerMemories,
  registerAudit,
  registerOutbox,
  registerTools,
  registerTokens,
  registerLogin,
  registerLogout,
  registerProfiles,
  registerCompletion,
  registerReference,
];

/** The whole command line, with everything that it can be asked. */
export function createProgram(
  context: CliContext,
  write: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): Command {
  const program = new Command('watchkeeper')
    .description('A DevOps assistant in Slack: investigates, shows its evidence, asks before it acts.')
    .version(version)
    .option('--profile <name>', 'the server to talk to: watchkeeper profile list')
    .exitOverride()
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .showHelpAfterError('(add --help for what this command takes)');
  for (const register of registrations) register(program, context);
  addExamples(program);
  return program;
}

/** Runs one command line (without program names); answers the exit status (exit-status.ts). */
export async function runCli(
  argv: readonly string[],
  out: Out,
  variables?: Variables,
  screen: () => Screen | null = () => null,
): Promise<number> {
  let status: number = exitStatus.done;
  const trimmed = (write: (text: string) => void) => (text: string) => write(text.replace(/\n$/, ''));
  const exit = (code: number) => {
    status = code;
  };
  try {
    const { profile, rest } = takeProfile(argv);
    const context = createCliContext({ out, exit, variables: withProfile(profile, variables), screen });
    await createProgram(context, { out: trimmed(out.line), err: trimmed(out.note) }).parseAsync(rest, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.wrongUse;
    out.note(`watchkeeper: ${wordsOf(error)}`);
    const advice = adviceOf(error);
    if (advice !== null) out.note(advice);
    return statusOf(error);
  }
}
