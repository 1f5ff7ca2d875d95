import { isUnclear } from '../certainty.ts';
import { NotFound, OutputMalformed } from '../errors.ts';
import type { Execution } from '../execute.ts';
import type { Forge, ForgeRequest, GitCommand } from '../operation.ts';
import { commit, type GitTools, nothing, unlessFailed } from './commit.ts';
import { head, lines, revertBranch } from './lines.ts';
import { unlessOurs } from './there.ts';

type Step = () => Promise<Execution | null>;

/** One after the other, until one fails or has the answer. */
async function first(...steps: readonly Step[]): Promise<Execution> {
  for (const step of steps) {
    const answer = await step();
    if (answer !== null) return answer;
  }
  throw new Error('nothing answered');
}

function answered(value: unknown): Execution {
  return { ...nothing, exitCode: 0, stdout: typeof value === 'string' ? value : `${JSON.stringify(value)}\n`, failure: null };
}

function read<T>(parse: (result: Execution & { exitCode: number }) => T, execution: Execution): T | Execution {
  if (execution.failure !== null) return execution;
  try {
    return parse({ ...execution, exitCode: execution.exitCode ?? 0 });
  } catch (error) {
    if (error instanceof OutputMalformed || error instanceof NotFound)
      return { ...execution, failure: { code: error.code, message: error.message } };
    throw error;
  }
}

function isExecution(value: object | null): value is Execution {
  return value !== null && 'failure' in value;
}

/** What a git command says, done. The clone is in the directory in which `git` runs. */
export async function changeRepository(tools: GitTools, command: GitCommand): Promise<Execution> {
  const cloned = await tools.git(lines.clone(command));
  if (cloned.failure !== null) return cloned;
  if (command.what === 'preview') return await preview(tools, command);
  return command.what === 'propose' ? await propose(tools, command) : await withdraw(tools, command);
}

async function preview(tools: GitTools, command: GitCommand): Promise<Execution> {
  const { base, branch, remote, message, description } = command;
  return await first(
    () => commit(tools, command, head(base), head(branch)),
    async () => {
      const diff = await tools.git(lines.diff(base, branch));
      if (diff.failure !== null) return diff;
      return { ...diff, stdout: `${remote}: ${branch} into ${base}\n\n${diff.stdout}\n${message}\n${description}` };
    },
  );
}

/** The branch on the remote has exactly what was asked for: pushed now, or by an attempt before. */
async function propose(tools: GitTools, command: GitCommand): Promise<Execution> {
  const { base, branch } = command;
  const made = await commit(tools, command, head(base), head(branch));
  if (made !== null) return made;
  const looked = await tools.git(lines.look(branch));
  if (looked.failure !== null) return looked;
  const exists = looked.stdout.trim() !== '';
  const settled = exists ? await unlessOurs(tools, command) : unlessFailed(await tools.git(lines.push(branch)));
  if (settled !== null) return settled;
  const tip = await tools.git(lines.tip(exists ? 'theirs' : 'ours', branch));
  if (tip.failure !== null) return tip;
  return await requested(tools, command, branch, tip.stdout.trim(), !exists);
}

async function requested(tools: GitTools, { forge }: GitCommand, branch: string, tip: string, pushed: boolean): Promise<Execution> {
  const opened = await openedFor(tools, forge, branch);
  if (isExecution(opened)) {
    // A branch that nobody asked for stays out of the way of the next attempt.
    if (pushed && opened.failure !== null && !isUnclear(opened.failure.code) && opened.failure.code !== 'output_malformed')
      await tools.git(lines.drop(branch));
    return opened;
  }
  const merged = forge.merge === null || opened.state === 'merged' ? null : await mergedBy(tools, forge, forge.merge, opened, tip);
  const waits = merged !== null && merged.failure !== null ? `; it waits to be merged: ${merged.failure.message}` : '';
  return answered({ branch, commit: tip, number: opened.number, url: opened.url, message: `${opened.url}${waits}` });
}

async function mergedBy(
  tools: GitTools,
  { ready }: Forge,
  merge: NonNullable<Forge['merge']>,
  { number }: ForgeRequest,
  tip: string,
): Promise<Execution> {
  const waited = ready === undefined ? null : await tools.forge(ready(number));
  return waited !== null && waited.failure !== null ? waited : await tools.forge(merge(number, tip));
}

/** The request that is there already, unless somebody closed it, or a new one. */
async function openedFor(tools: GitTools, forge: Forge, branch: string): Promise<ForgeRequest | Execution> {
  const known = read(forge.found, await tools.forge(forge.find(branch)));
  if (known !== null && (isExecution(known) || known.state !== 'closed')) return known;
  return read(forge.opened, await tools.forge(forge.open));
}

async function withdraw(tools: GitTools, command: GitCommand): Promise<Execution> {
  const { branch, forge } = command;
  const known = read(forge.found, await tools.forge(forge.find(branch)));
  if (isExecution(known)) return known;
  if (known?.state === 'merged') return await revert(tools, command, known);
  return await first(
    async () => (known?.state === 'open' ? unlessFailed(await tools.forge(forge.close(known.number))) : null),
    async () => {
      const looked = await tools.git(lines.look(branch));
      if (looked.failure !== null || looked.stdout.trim() === '') return unlessFailed(looked);
      return unlessFailed(await tools.git(lines.drop(branch)));
    },
    async () => {
      const message = known === null ? 'there was no request; its branch is gone' : 'the request is closed, its branch is gone';
      return answered({ branch, commit: null, number: known?.number ?? null, url: known?.url ?? null, message });
    },
  );
}

/** An attempt before may have opened what takes it back, and people or rules have merged that: the files say so already then. */
async function revert(tools: GitTools, command: GitCommand, { url }: ForgeRequest): Promise<Execution> {
  const branch = revertBranch(command.branch);
  const known = read(command.forge.found, await tools.forge(command.forge.find(branch)));
  if (known !== null && !isExecution(known) && known.state === 'merged')
    return answered({ branch, commit: null, number: known.number, url: known.url, message: `${known.url} is merged: it took back ${url}` });
  const proposed = isExecution(known) ? known : await propose(tools, { ...command, branch });
  if (proposed.failure === null) return proposed;
  return {
    ...proposed,
    failure: { ...proposed.failure, message: `${url} is merged, and could not be reverted: ${proposed.failure.message}` },
  };
}
