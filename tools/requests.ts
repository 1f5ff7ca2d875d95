import { isUnclear } from './certainty.ts';
import { NotFound, Objected, OutputMalformed } from './errors.ts';
import type { Execute, ExecuteLimits, Execution } from './execute.ts';
import { pathWith } from './http.ts';
import type { Answers, CliCommand, HttpCommand, HttpSequence, OneRequest } from './operation.ts';
import { slot } from './slots.ts';

function filledIn(command: CliCommand | HttpCommand, values: Readonly<Record<string, string>>): CliCommand | HttpCommand {
  if (command.kind === 'cli') return command;
  const path = Object.entries(values).reduce((filled, [word, value]) => pathWith(filled, slot(word), value), command.path);
  const query = Object.entries(command.query).map(([name, value]) => [name, values[/^<(\w+)>$/.exec(value)?.[1] ?? ''] ?? value]);
  return { ...command, path, query: Object.fromEntries(query) };
}

/** What it is to be sent with; null: it is not sent. */
function valuesFor({ fill }: OneRequest, answers: Answers): Readonly<Record<string, string>> | null | Execution['failure'] {
  try {
    return fill === undefined ? {} : fill(answers);
  } catch (error) {
    if (error instanceof OutputMalformed || error instanceof NotFound || error instanceof Objected)
      return { code: error.code, message: error.message };
    throw error;
  }
}

/**
 * One request after the other, within the time of one, until one is refused. What the earlier ones have made is then taken back, unless it
 * is not known whether the last was heard: another attempt finds it.
 */
export async function inOrder(one: Execute, { of }: HttpSequence, limits: ExecuteLimits): Promise<Execution> {
  const end = performance.now() + limits.timeoutMs;
  const send = (command: CliCommand | HttpCommand) =>
    one(command, { ...limits, timeoutMs: Math.max(1, Math.floor(end - performance.now())) });
  const answers: Record<string, unknown> = {};
  const made: HttpCommand[] = [];
  for (const request of of) {
    const values = valuesFor(request, answers);
    answers[request.name] = null;
    if (values === null) continue;
    if (isFailure(values)) return failed(values);
    const answer = await send(filledIn(request.command, values));
    const failure = answer.failure ?? keep(answers, request.name, answer.stdout);
    if (failure === null) made.push(...(request.undo === undefined ? [] : [request.undo]));
    if (failure === null || request.accepts?.({ ...answer, exitCode: 0 }) === true) continue;
    // What was done and cannot be read was done all the same.
    if (!isUnclear(failure.code) && failure.code !== 'output_malformed' && (answer.status ?? 0) < 500)
      for (const undo of made.toReversed()) await send(undo);
    return { ...answer, failure };
  }
  return { ...nothing, stdout: JSON.stringify(answers), failure: null };
}

const nothing = { exitCode: null, stdout: '', stderr: '', truncated: false };

function failed(failure: NonNullable<Execution['failure']>): Execution {
  return { ...nothing, failure };
}

function isFailure(values: object): values is NonNullable<Execution['failure']> {
  return 'code' in values && 'message' in values;
}

/** Null: it is kept. */
function keep(answers: Record<string, unknown>, name: string, text: string): Execution['failure'] {
  try {
    answers[name] = JSON.parse(text);
    return null;
  } catch {
    return { code: 'output_malformed', message: `${name}: not JSON` };
  }
}
