import type { CliCommand, GitCommand, HttpCommand } from '../operation.ts';

/** Of the private directory in which each of these runs. There is no working tree: nothing of the repository is ever written out. */
const inside = '--git-dir=repository.git';

function git(argv: readonly string[], stdin?: string): CliCommand {
  return { kind: 'cli', binary: 'git', argv, ...(stdin === undefined ? {} : { stdin }) };
}

export const head = (branch: string) => `refs/heads/${branch}`;

/** In the clone: what the remote has of the branch and of its base, and the change made anew on an older commit, each where it is needed. */
export const refs = { there: 'refs/watchkeeper/there', base: 'refs/watchkeeper/base', again: 'refs/watchkeeper/again' } as const;

/** Commits of a base among which the one may be that a branch was made on. */
const mostHistory = 1_000;

const fetch = (...of: readonly string[]) => git([inside, 'fetch', '--quiet', ...of.slice(0, -1), '--', 'origin', ...of.slice(-1)]);
const plainly = ['--no-tags', '--no-recurse-submodules'] as const;

/** `from`: a reference or the id of a commit. */
export const lines = {
  clone: ({ remote, base }: Pick<GitCommand, 'remote' | 'base'>) =>
    git([
      ...['clone', '--bare', '--depth=1', '--single-branch', '--no-tags', '--filter=blob:none', '--template='],
      ...[`--branch=${base}`, '--', remote, 'repository.git'],
    ]),
  entry: (from: string, file: string) => git([inside, '--literal-pathspecs', 'ls-tree', '--full-tree', from, '--', file]),
  file: (from: string, file: string) => git([inside, 'cat-file', 'blob', `${from}:${file}`]),
  commit: (stdin?: string) => git([inside, 'fast-import', '--quiet', '--done'], stdin),
  diff: (base: string, branch: string) =>
    git([inside, 'diff', '--no-color', '--no-ext-diff', '--no-textconv', '--full-index', head(base), head(branch), '--']),
  look: (branch: string) => git([inside, 'ls-remote', '--', 'origin', head(branch)]),
  fetch: (branch: string) => fetch('--depth=2', ...plainly, `+${head(branch)}:${refs.there}`),
  history: (base: string) => fetch(`--depth=${mostHistory}`, '--filter=tree:0', ...plainly, `+${head(base)}:${refs.base}`),
  within: (commit: string) => git([inside, 'merge-base', '--is-ancestor', commit, refs.base]),
  shown: (ref: string) => git([inside, 'cat-file', 'commit', ref]),
  tip: (which: 'ours' | 'theirs', branch: string) =>
    git([inside, 'rev-parse', '--verify', '--end-of-options', which === 'ours' ? head(branch) : refs.there]),
  push: (branch: string) => git([inside, 'push', '--no-verify', '--porcelain', '--', 'origin', `${head(branch)}:${head(branch)}`]),
  drop: (branch: string) => git([inside, 'push', '--no-verify', '--porcelain', '--', 'origin', `:${head(branch)}`]),
};

/** Of the pull request that takes back one that was merged. */
export function revertBranch(branch: string): string {
  return `${branch}-revert`;
}

interface Planned {
  readonly when: string | null;
  readonly command: CliCommand | HttpCommand;
}

const always = (command: Planned['command']): Planned => ({ when: null, command });
const only = (when: string, command: Planned['command']): Planned => ({ when, command });

/** What shows whether a branch that is there is what an attempt before has pushed. */
function comparing({ base, edits }: GitCommand, branch: string): readonly Planned[] {
  const older = '<its parent>';
  const anew = edits.flatMap(({ file }) => [lines.entry(older, file), lines.file(older, file)]);
  return [
    ...[lines.fetch(branch), lines.shown(head(branch)), lines.shown(refs.there)].map((one) =>
      only('where the branch is there already', one),
    ),
    ...[lines.history(base), lines.within(older), ...anew, lines.commit(), lines.shown(refs.again)].map((one) =>
      only('where its base has moved since', one),
    ),
  ];
}

/** Every program and request that a command may come to, in their order, for people to see. */
export function programsOf(command: GitCommand): readonly Planned[] {
  const { what, base, branch, edits, forge } = command;
  const edited = [...edits.flatMap(({ file }) => [lines.entry(head(base), file), lines.file(head(base), file)]), lines.commit()];
  if (what === 'preview') return [lines.clone(command), ...edited, lines.diff(base, branch)].map(always);
  const mergeOf = forge.merge?.('<number>', '<commit>');
  const readyOf = forge.ready?.('<number>');
  const merging = mergeOf === undefined ? [] : [...(readyOf === undefined ? [] : [readyOf]), mergeOf];
  if (what === 'propose')
    return [
      ...[lines.clone(command), ...edited, lines.look(branch)].map(always),
      ...comparing(command, branch),
      only('where it is not', lines.push(branch)),
      always(forge.find(branch)),
      only('where there is none yet', forge.open),
      ...merging.map(always),
    ];
  const back = revertBranch(branch);
  const left = 'where it is merged, and not taken back yet';
  return [
    ...[lines.clone(command), forge.find(branch)].map(always),
    only('where it is open', forge.close('<number>')),
    only('where it is not merged', lines.drop(branch)),
    only('where it is merged', forge.find(back)),
    ...[...edited, lines.look(back)].map((one) => only(left, one)),
    ...comparing(command, back),
    ...[lines.push(back), forge.find(back), forge.open, ...merging].map((one) => only(left, one)),
  ];
}
