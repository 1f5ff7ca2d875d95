import type { Check, Expectation, OperationCall } from '../contract.ts';

interface Head {
  readonly headCommit: string;
}

const is = (pointer: string, value: string | number | boolean): Expectation => ({ pointer, op: 'eq', value });

/** What every forge's merge of a request has in common: its state has these fields, whatever else. */
export const merging = {
  /** It is still for the branch that it was for, its head is the commit that was looked at, and no check fails or is awaited. */
  preconditions: ({ headCommit }: Head, { id, base }: { readonly id: string; readonly base: string }): readonly Expectation[] => [
    ...[is('/id', id), is('/base', base), is('/state', 'open'), is('/draft', false), is('/headCommit', headCommit)],
    ...[is('/checks/failing', 0), is('/checks/pending', 0)],
  ],
  impact: (_input: unknown, { files }: { readonly files: number }) => ({ targets: files, replicas: 0, percent: 0 }),
  probe: ({ headCommit }: Head): readonly Expectation[] => [is('/state', 'merged'), is('/headCommit', headCommit)],
  verification: (title: string, state: OperationCall): readonly Check[] => [
    { title, ...state, expect: [is('/state', 'merged')], withinSeconds: 60, stableSeconds: 0 },
  ],
};

/** Of what opens a request that takes back one that was merged. */
export const reverting = {
  probe: (): readonly Expectation[] => [{ pointer: '/revert', op: 'ne', value: null }],
  verification: (title: string, state: OperationCall): readonly Check[] => [
    { title, ...state, expect: [...reverting.probe()], withinSeconds: 60, stableSeconds: 0 },
  ],
};

/** What a request that takes back another says of it, in a block of code: it mentions nobody. */
export function revertDescription(mark: string, reason: string): string {
  return `Reverts ${mark}.\n\n\`\`\`text\n- ${reason}\n\`\`\`\n`;
}
