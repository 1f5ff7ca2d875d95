import { type Command, InvalidArgumentError, Option } from 'commander';
import { scenarios } from '../sandbox/estate/scenarios/index.ts';
import type { ScenarioVote } from '../sandbox/estate/scenarios/scenario.ts';
import type { UpFlags } from '../up/run.ts';
import { parseVotes } from '../up/votes.ts';
import type { CliContext } from './context.ts';

function votes(text: string): readonly ScenarioVote[] {
  try {
    return parseVotes(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : 'not understood');
  }
}

export function registerUp(program: Command, { out, exit }: CliContext): void {
  program
    .command('up')
    .description('run the whole system here: every part that is not configured is embedded')
    .addOption(new Option('--scenario <name>', 'what happens in the simulated estate').choices(scenarios.map(({ name }) => name)))
    .option('--vote <votes>', 'scripted votes, e.g. alice:approve,bob:reject', votes)
    .option(
      '--exit',
      'play the scenario in a fresh data directory, print its outcome, and stop; exit status 0 only where it ends as declared',
    )
    .option('--json', 'with --exit: print the outcome as one JSON line')
    .action(async (flags: UpFlags) => {
      // Loaded when asked for: it brings every part of the system, and the other commands need none of them.
      const { runUp } = await import('../up/run.ts');
      exit(await runUp(flags, out));
    });
}
