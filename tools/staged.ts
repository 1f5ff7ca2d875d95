import { setTimeout as delay } from 'node:timers/promises';
import { OutputMalformed } from './errors.ts';
import type { Execute, ExecuteLimits, Execution } from './execute.ts';
import type { CliCommand, Command, CommandResult, Objection } from './operation.ts';

/** Milliseconds between two looks at something that is not ready yet. */
const pauseMs = 1_000;

/** What speaks against starting the program; null: nothing. Not being able to ask does. */
export async function objectionTo(one: Execute, { command, objection }: Objection, limits: ExecuteLimits): Promise<Execution | null> {
  const asked = await one(command, limits);
  if (asked.failure !== null) return asked;
  const message = objection(resultOf(asked));
  return message === null ? null : { ...asked, failure: { code: 'forbidden', message } };
}

/** Starts a program, or sends a request, again until it says that it is ready, as long as there is time; what it said last counts. */
export function untilReady(one: Execute, { until }: Pick<CliCommand, 'until'>, end: number): Execute {
  if (until === undefined) return one;
  return async (command: Command, limits) => {
    for (;;) {
      const execution = await one(command, limits);
      if (execution.failure !== null || isReady(until, execution) || end - performance.now() < 2 * pauseMs) return execution;
      const waited = await delay(pauseMs, true, { signal: limits.signal }).catch(() => false);
      if (!waited) return { ...execution, failure: { code: 'cancelled', message: 'the call was cancelled' } };
    }
  };
}

/** What cannot be read is for the parser to say. */
function isReady(until: (result: CommandResult) => boolean, execution: Execution): boolean {
  try {
    return until(resultOf(execution));
  } catch (error) {
    if (error instanceof OutputMalformed) return true;
    throw error;
  }
}

function resultOf(execution: Execution): CommandResult {
  return { ...execution, exitCode: execution.exitCode ?? 0 };
}
