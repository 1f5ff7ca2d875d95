import type { CliCommand, GitCommand, HttpCommand } from '../operation.ts';

/** Of the private directory in which each of these runs. There is no working tree: nothing of the repository is ever written out. */
const inside = '--git-dir=repository.git';

function git(argv: readonly string[], stdin?: string): CliCommand {
  return { kind: 'cli', binary: 'git', argv, ...(stdin === undefined ? {} : { stdin }) };
}

const head = (branch: string) => `refs/heads/${branch}`;

/** What the remote has of the branch, where it has it. */
const there = 'refs/watchkeeper/there';

export const lines = {
  clone: ({ remote, base }: Pick<GitCommand, 'remote' | 'base'>) =>
    git([
      ...['clone', '--bare', '--depth=1', '--single-branch', '--no-tags', '--filter=blob:none', '--template='],
      ...[`--branch=${base}`, '--', remote, 'repository.git'],
    ]),
  entry: (base: string, file: string) => git([inside, '--literal-pathspecs', 'ls-tree', '--full-tree', head(base), '--', file]),
  file: (base: string, file: string) => git([inside, 'cat-file', 'blob', `${head(base)}:${file}`]),
  commit: (stdin?: string) => git([inside, 'fast-import', '--quiet', '--done'], stdin),
  diff: (base: string, branch: string) =>
    git([inside, 'diff', '--no-color', '--no-ext-diff', '--no-textconv', '--full-index', head(base), head(branch), '--']),
  look: (branch: string) => git([inside, 'ls-remote', '--', 'origin', head(branch)]),
  fetch: (branch: string) =>
    git([inside, 'fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', 'origin', `+${head(branch)}:${there}`]),
  blob: (which: 'ours' | 'theirs', branch: string, file: string) =>
    git([inside, 'rev-parse', '--verify', '--end-of-options', `${which === 'ours' ? head(branch) : there}:${file}`]),
  tip: (which: 'ours' | 'theirs', branch: string) =>
    git([inside, 'rev-parse', '--verify', '--end-of-options', which === 'ours' ? head(branch) : there]),
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

/** Every program and request that a command may come to, in their order, for people to see. */
export function programsOf(command: GitCommand): readonly Planned[] {
  const { what, base, branch, edits, forge } = command;
  const edited = edits.flatMap(({ file }) => [lines.entry(base, file), lines.file(base, file)]);
  if (what === 'preview') return [lines.clone(command), ...edited, lines.commit(), lines.diff(base, branch)].map(always);
  const exists = 'where the branch is there already';
  const mergeOf = forge.merge?.('<number>', '<commit>');
  const readyOf = forge.ready?.('<number>');
  const merging = mergeOf === undefined ? [] : [...(readyOf === undefined ? [] : [readyOf]), mergeOf];
  if (what === 'propose')
    return [
      ...[lines.clone(command), ...edited, lines.commit(), lines.look(branch)].map(always),
      ...[lines.fetch(branch), ...edits.map(({ file }) => lines.blob('theirs', branch, file))].map((one) => only(exists, one)),
      only('where it is not', lines.push(branch)),
      always(forge.find),
      only('where there is none yet', forge.open),
      ...merging.map(always),
    ];
  const back = revertBranch(branch);
  return [
    ...[lines.clone(command), forge.find].map(always),
    only('where it is open', forge.close('<number>')),
    only('where it is not merged', lines.drop(branch)),
    ...[...edited, lines.commit(), lines.look(back), lines.push(back), forge.open, ...merging].map((one) =>
      only('where it is merged', one),
    ),
  ];
}
