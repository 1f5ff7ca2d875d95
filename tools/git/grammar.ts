import { z } from 'zod';
import { argument, Uuid } from '../grammar.ts';

/** A branch that git takes (git-check-ref-format), of plain characters. */
export const Branch = argument(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*[A-Za-z0-9]$|^[A-Za-z0-9]$/, 'must be the name of a branch')
  .refine((name) => !/\.\.|\/\/|\/\.|\.lock(\/|$)|^HEAD$|^refs\//.test(name), 'must be the name of a branch');

/** Relative, of plain characters, nothing of git's own and no way up: as fast-import takes it without quotes. */
export const FilePath = argument(300)
  .regex(/^[A-Za-z0-9_.][A-Za-z0-9_.@+-]*(\/[A-Za-z0-9_.@+-]+)*$/, 'must be a path inside the repository')
  .refine(
    (path) => !path.split('/').some((part) => /^\.{1,2}$|^\.git$|^-|\.$/i.test(part)),
    'must not hold . or .. or .git, nor parts that begin with "-" or end with "."',
  );

/** Whole, lower case. */
export const CommitId = argument(40).regex(/^[0-9a-f]{40}$/, 'must be a whole commit id');

/** Whose a change is: it names the branch. */
export const Planned = z.strictObject({ plan: Uuid, step: argument(10).regex(/^s[0-9]{1,3}$/, 'must be the id of a step') });
export type Planned = z.infer<typeof Planned>;

export function branchOf({ plan, step }: Planned): string {
  return `watchkeeper/${plan}-${step}`;
}
