import type { Execution } from '../execute.ts';
import type { GitCommand } from '../operation.ts';
import { commit, failed, type GitTools, unlessFailed } from './commit.ts';
import { head, lines, refs } from './lines.ts';

interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** As `git cat-file commit` prints it: headers, an empty line, the message. */
function commitIn(text: string): Commit {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const named = (name: string) => headers.flatMap((line) => new RegExp(`^${name} ([0-9a-f]{40})$`).exec(line)?.[1] ?? []);
  return { tree: named('tree')[0] ?? '', parents: named('parent'), message: text.slice(end + 2).trimEnd() };
}

/**
 * Whether a branch of that name on the remote is what an attempt before has pushed: one commit that changes what was approved and nothing
 * else, in the same words, on a commit of its base. What is not would be reviewed, or merged, as if it had been approved. Null: it is.
 */
export async function unlessOurs(tools: GitTools, command: GitCommand): Promise<Execution | null> {
  const { branch } = command;
  const other = (why: string) =>
    failed(
      `branch ${branch} is there already, with other content than was approved (${why}): see what it holds; where nobody needs it, delete it and propose the change anew`,
    );
  const fetched = await tools.git(lines.fetch(branch));
  if (fetched.failure !== null) return fetched;
  const [ours, theirs] = [await read(tools, head(branch)), await read(tools, refs.there)];
  if ('failure' in ours) return ours;
  if ('failure' in theirs) return theirs;
  const [parent, ...more] = theirs.parents;
  if (parent === undefined || more.length > 0) return other('it does not end in one commit on another');
  if (theirs.message !== ours.message) return other('its last commit says something else');
  if (parent === ours.parents[0]) return theirs.tree === ours.tree ? null : other('it changes something else, or more');
  return await unlessOnOlderBase(tools, command, { parent, tree: theirs.tree }, other);
}

/** Its base may have moved on since: what was approved is then made on the older commit, to compare. */
async function unlessOnOlderBase(
  tools: GitTools,
  command: GitCommand,
  { parent, tree }: { readonly parent: string; readonly tree: string },
  other: (why: string) => Execution,
): Promise<Execution | null> {
  const fetched = await tools.git(lines.history(command.base));
  if (fetched.failure !== null) return fetched;
  const within = await tools.git(lines.within(parent));
  if (within.failure !== null) return other(`it is not made on one of the newest commits of ${command.base}`);
  const made = await commit(tools, command, parent, refs.again);
  if (made !== null) return made;
  const again = await read(tools, refs.again);
  if ('failure' in again) return again;
  return again.tree === tree ? null : other('it changes something else, or more');
}

async function read(tools: GitTools, ref: string): Promise<Commit | Execution> {
  const shown = await tools.git(lines.shown(ref));
  return unlessFailed(shown) ?? commitIn(shown.stdout);
}
