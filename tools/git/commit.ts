import { EditRefused } from '../errors.ts';
import type { Execution } from '../execute.ts';
import type { CliCommand, FileEdit, GitCommand, HttpCommand } from '../operation.ts';
import { lines } from './lines.ts';

/** Programs and requests, each within what is left of the time. */
export interface GitTools {
  readonly git: (line: CliCommand) => Promise<Execution>;
  readonly forge: (call: CliCommand | HttpCommand) => Promise<Execution>;
  /** Seconds since the epoch. */
  readonly seconds: () => number;
}

/** Bytes of a file that may be edited. */
const mostText = 1024 * 1024;

export const nothing = { exitCode: null, stdout: '', stderr: '', truncated: false };

export function failed(message: string): Execution {
  return { ...nothing, failure: { code: 'failed', message } };
}

/** Null: it went well. */
export const unlessFailed = (execution: Execution): Execution | null => (execution.failure === null ? null : execution);

interface Entry {
  readonly file: string;
  readonly mode: string;
  readonly text: string;
}

/** The files of a commit as they will be. Regular ones only: a link or a submodule leads elsewhere. */
async function entries(tools: GitTools, from: string, edits: readonly FileEdit[]): Promise<readonly Entry[] | Execution> {
  const all: Entry[] = [];
  for (const { file, apply } of edits) {
    const listed = await tools.git(lines.entry(from, file));
    if (listed.failure !== null) return listed;
    const [, mode] = /^(100644|100755) blob [0-9a-f]+\t/.exec(listed.stdout) ?? [];
    if (mode === undefined) return failed(`${file} is no regular file of ${from.replace(/^refs\/heads\//, '')}`);
    const shown = await tools.git(lines.file(from, file));
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

/** Makes the one commit of a change, on top of `from`, as the reference `to` of the clone. Null: it is there. */
export async function commit(tools: GitTools, command: GitCommand, from: string, to: string): Promise<Execution | null> {
  const files = await entries(tools, from, command.edits);
  if (!Array.isArray(files)) return files as Execution;
  return unlessFailed(await tools.git(lines.commit(stream(command, { from, to, files, seconds: tools.seconds() }))));
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

interface Made {
  readonly from: string;
  readonly to: string;
  readonly files: readonly Entry[];
  readonly seconds: number;
}

/** The language of git fast-import. Paths are of characters that it takes without quotes. */
function stream({ message, author }: GitCommand, { from, to, files, seconds }: Made): string {
  return [
    'feature done\n',
    `commit ${to}\n`,
    `committer ${author.name} <${author.email}> ${seconds} +0000\n`,
    data(message),
    `from ${from}^0\n`,
    ...files.map(({ file, mode, text }) => `M ${mode} inline ${file}\n${data(text)}`),
    'done\n',
  ].join('');
}
