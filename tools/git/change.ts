import { EditRefused, NotFound, OutputMalformed } from '../errors.ts';
import type { Execution } from '../execute.ts';
import { isUnclear } from '../failures.ts';
import type { CliCommand, Forge, ForgeRequest, GitCommand, HttpCommand } from '../operation.ts';
import { lines, revertBranch } from './lines.ts';

/** Programs and requests, each within what is left of the time. */
export interface GitTools {
  readonly git: (line: CliCommand) => Promise<Execution>;
  readonly forge: (call: CliCommand | HttpCommand) => Promise<Execution>;
  /** Seconds since the epoch. */
  readonly seconds: () => number;
}

/** Bytes of a file that may be edited. */
const mostText = 1024 * 1024;

type Step = () => Promise<Execution | null>;

/** One after the other, until one fails or has the answer. */
async function first(...steps: readonly Step[]): Promise<Execution> {
  for (const step of steps) {
    const answer = await step();
    if (answer !== null) return answer;
  }
  throw new Error('nothing answered');
}

const nothing = { exitCode: null, stdout: '', stderr: '', truncated: false };

function answered(value: unknown): Execution {
  return { ...nothing, exitCode: 0, stdout: typeof value === 'string' ? value : `${JSON.stringify(value)}\n`, failure: null };
}

function failed(message: string): Execution {
  return { ...nothing, failure: { code: 'failed', message } };
}

/** Null: it went well. */
const unlessFailed = (execution: Execution): Execution | null => (execution.failure === null ? null : execution);

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
    () => commit(tools, command, branch),
    async () => {
      const diff = await tools.git(lines.diff(base, branch));
      if (diff.failure !== null) return diff;
      return { ...diff, stdout: `${remote}: ${branch} into ${base}\n\n${diff.stdout}\n${message}\n${description}` };
    },
  );
}

interface Entry {
  readonly file: string;
  readonly mode: string;
  readonly text: string;
}

/** The files as they will be. Regular ones only: a link or a submodule leads elsewhere. */
async function entries(tools: GitTools, { base, edits }: GitCommand): Promise<readonly Entry[] | Execution> {
  const all: Entry[] = [];
  for (const { file, apply } of edits) {
    const listed = await tools.git(lines.entry(base, file));
    if (listed.failure !== null) return listed;
    const [, mode] = /^(100644|100755) blob [0-9a-f]+\t/.exec(listed.stdout) ?? [];
    if (mode === undefined) return failed(`${file} is no regular file of ${base}`);
    const shown = await tools.git(lines.file(base, file));
    if (shown.failure !== null) return shown;
    if (shown.truncated || shown.stdout.length > mostText) return failed(`${file} is too large to be edited`);
    if (shown.stdout.includes('\uFFFD') || shown.stdout.includes('\0')) return failed(`${file} is no text`);
    try {
      all.push({ file, mode, text: apply(shown.stdout) });
    } catch (error) {
      if (error instanceof EditRefused) return failed(error.message);
      throw error;
    }
  }
  return all;
}

/** Made as a local branch. Null: it is. */
async function commit(tools: GitTools, command: GitCommand, branch: string): Promise<Execution | null> {
  const files = await entries(tools, command);
  if (!Array.isArray(files)) return files as Execution;
  return unlessFailed(await tools.git(lines.commit(stream(command, branch, files as readonly Entry[], tools.seconds()))));
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** The language of git fast-import. Paths are of characters that it takes without quotes. */
function stream({ base, message, author }: GitCommand, branch: string, files: readonly Entry[], seconds: number): string {
  return [
    'feature done\n',
    `commit refs/heads/${branch}\n`,
    `committer ${author.name} <${author.email}> ${seconds} +0000\n`,
    data(message),
    `from refs/heads/${base}^0\n`,
    ...files.map(({ file, mode, text }) => `M ${mode} inline ${file}\n${data(text)}`),
    'done\n',
  ].join('');
}

/** The branch on the remote has exactly what was asked for: pushed now, or by an attempt before. */
async function propose(tools: GitTools, command: GitCommand): Promise<Execution> {
  const { branch } = command;
  const made = await commit(tools, command, branch);
  if (made !== null) return made;
  const looked = await tools.git(lines.look(branch));
  if (looked.failure !== null) return looked;
  const exists = looked.stdout.trim() !== '';
  const settled = exists ? await sameAsThere(tools, command) : unlessFailed(await tools.git(lines.push(branch)));
  if (settled !== null) return settled;
  const tip = await tools.git(lines.tip(exists ? 'theirs' : 'ours', branch));
  if (tip.failure !== null) return tip;
  return await requested(tools, command, branch, tip.stdout.trim(), !exists);
}

async function sameAsThere(tools: GitTools, { branch, edits }: GitCommand): Promise<Execution | null> {
  const fetched = await tools.git(lines.fetch(branch));
  if (fetched.failure !== null) return fetched;
  for (const { file } of edits) {
    const [ours, theirs] = [await tools.git(lines.blob('ours', branch, file)), await tools.git(lines.blob('theirs', branch, file))];
    if (ours.failure !== null || ours.stdout !== theirs.stdout) return failed(`branch ${branch} is there already, with other content`);
  }
  return null;
}

async function requested(tools: GitTools, { forge }: GitCommand, branch: string, tip: string, pushed: boolean): Promise<Execution> {
  const opened = await openedFor(tools, forge);
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
async function openedFor(tools: GitTools, forge: Forge): Promise<ForgeRequest | Execution> {
  const known = read(forge.found, await tools.forge(forge.find));
  if (known !== null && (isExecution(known) || known.state !== 'closed')) return known;
  return read(forge.opened, await tools.forge(forge.open));
}

async function withdraw(tools: GitTools, command: GitCommand): Promise<Execution> {
  const { branch, forge } = command;
  const known = read(forge.found, await tools.forge(forge.find));
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

async function revert(tools: GitTools, command: GitCommand, { url }: ForgeRequest): Promise<Execution> {
  const branch = revertBranch(command.branch);
  const proposed = await propose(tools, { ...command, branch, forge: { ...command.forge, found: () => null } });
  if (proposed.failure === null) return proposed;
  return {
    ...proposed,
    failure: { ...proposed.failure, message: `${url} is merged, and could not be reverted: ${proposed.failure.message}` },
  };
}
