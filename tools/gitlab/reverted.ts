import { z } from 'zod';
import { Objected } from '../errors.ts';
import type { Answers, OneRequest } from '../operation.ts';
import { learned } from '../slots.ts';
import type { ProjectApi } from './api.ts';

const Commit = z.object({ parent_ids: z.array(z.string()) });

const Diff = z.object({
  ...{ old_path: z.string(), new_path: z.string(), a_mode: z.string(), b_mode: z.string(), diff: z.string() },
  ...{ new_file: z.boolean(), renamed_file: z.boolean(), deleted_file: z.boolean() },
  ...{ too_large: z.boolean().nullish(), collapsed: z.boolean().nullish() },
});

const Compared = z.object({ commits: z.array(Commit), diffs: z.array(Diff), compare_timeout: z.boolean() });
type Compared = z.infer<typeof Compared>;

interface Reverting {
  /** Of the request that takes it back. */
  readonly branch: string;
  readonly base: string;
  /** By which it was merged. */
  readonly commit: string;
}

/** What it holds beyond its base: one commit, in whichever words; null: nothing yet. Throws Objected. */
function ownCommit(answers: Answers, { branch }: Reverting): { readonly parent: string } | null {
  const { commits } = learned(Compared, answers, 'own');
  const [only, ...more] = commits;
  if (only === undefined) return null;
  const [parent, ...others] = only.parent_ids;
  if (more.length > 0 || parent === undefined || others.length > 0) throw new Objected(other(branch));
  return { parent };
}

function other(branch: string): string {
  return `branch ${branch} is there already, with other content than the revert: see what it holds; where nobody needs it, delete it and ask for the revert anew`;
}

/** What can be compared by its text; null: not all of it. */
function textOf({ diffs, compare_timeout }: Compared): string | null {
  const whole = diffs.every(({ diff, too_large, collapsed }) => diff !== '' && too_large !== true && collapsed !== true);
  return whole && !compare_timeout ? JSON.stringify(diffs) : null;
}

/** What is asked where the branch is there already: what it holds beyond its base, and whether that is the revert and nothing else. */
export function comparing(api: ProjectApi, reverting: Reverting): readonly OneRequest[] {
  const { branch, base, commit } = reverting;
  const compare = (from: string, to: string, more: object = {}) => api.get('/repository/compare', { from, to, ...more });
  const isThere = (answers: Answers) => answers['branch'] === null;
  const held = (answers: Answers) => (isThere(answers) ? ownCommit(answers, reverting) : null);
  const when = 'where the branch holds a commit already';
  return [
    {
      ...{ name: 'own', when: 'where the branch is there already', command: compare(base, branch) },
      fill: (answers) => (isThere(answers) ? {} : null),
    },
    { name: 'merged', when, command: api.get(`/repository/commits/${commit}`), fill: (answers) => (held(answers) === null ? null : {}) },
    { name: 'since', when, command: compare(commit, '<parent>', { straight: 'true' }), fill: held },
    {
      ...{ name: 'whole', when, command: compare('<before>', branch, { straight: 'true' }) },
      fill: (answers) => {
        const [before] = held(answers) === null ? [] : learned(Commit, answers, 'merged').parent_ids;
        return before === undefined ? null : { before };
      },
    },
  ];
}

/**
 * Whether the revert is there. It is where the branch differs from what was before the merge by what others have changed since the merge,
 * to the letter. Throws Objected where it holds something else, or where that cannot be told.
 */
export function isReverted(answers: Answers, reverting: Reverting): boolean {
  if (answers['branch'] !== null || ownCommit(answers, reverting) === null) return false;
  const [since, whole] = [textOf(learned(Compared, answers, 'since')), textOf(learned(Compared, answers, 'whole'))];
  if (since === null || since !== whole) throw new Objected(other(reverting.branch));
  return true;
}
