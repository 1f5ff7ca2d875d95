import { Command } from 'commander';
import { terminal } from './cli/out.ts';
import { registerUp } from './cli/up.ts';

/** Errors that are meant for the person at the terminal: their words are enough, a stack would hide them. */
function isForPeople(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z_]+$/.test(error.code);
}

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('watchkeeper')
    .description('A DevOps assistant in Slack: investigates, shows its evidence, asks before it acts.')
    .version('0.1.0');
  registerUp(program, terminal);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    terminal.note(
      isForPeople(error) || error instanceof RangeError
        ? `watchkeeper: ${error.message}`
        : `watchkeeper: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    process.exitCode = 1;
  }
}

await main(process.argv);
