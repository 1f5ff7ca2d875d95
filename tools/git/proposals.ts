import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { parseJson } from '../json.ts';
import { type Forge, type GitCommand, type SiteFacts, write } from '../operation.ts';
import { fileEdits, inverse } from './edit.ts';
import { Branch, branchOf, Planned } from './grammar.ts';
import { revertBranch } from './lines.ts';
import { Change, descriptionOf, messageOf, planned, present, untilThen, Waits } from './planned.ts';
import { ChangeState } from './standing.ts';

/** What asks a forge to merge one branch into another. */
export interface Asking {
  readonly base: string;
  /** Of what is asked for: the change, or what takes it back. */
  readonly head: string;
  readonly title: string;
  readonly description: string;
  /** Have it merged once the rules of the repository allow it. */
  readonly merge: boolean;
}

/** A forge, as far as it differs from others. */
interface Proposing {
  readonly system: 'github' | 'gitlab';
  readonly repository: z.ZodType<string, string>;
  /** What it calls a request, e.g. `pull request`. */
  readonly request: string;
  readonly permissions: readonly string[];
  readonly timeoutMs: number;
  /** Of the site's settings. Throws SiteIncomplete. */
  readonly at: (site: SiteFacts, repository: string) => Pick<GitCommand, 'remote' | 'author'> & { readonly mergeReverts: boolean };
  readonly calls: (site: SiteFacts, repository: string, asking: Asking) => Forge;
}

const Done = z.object({
  ...{ branch: z.string(), commit: z.string().nullable(), number: z.string().nullable(), url: z.string().nullable(), message: z.string() },
});

type Done = z.infer<typeof Done>;

type Typed = z.infer<typeof Change> & { readonly repository: string };

interface How {
  readonly what: GitCommand['what'];
  readonly merge: boolean;
}

/** Which change of a repository is meant: the input of the forge's `change_state`. */
export function changeOf(repository: z.ZodType<string, string>) {
  return Planned.extend({ repository, base: Branch });
}

function gitCommand({ system, at, calls }: Proposing, input: Typed, site: SiteFacts, { what, merge }: How): GitCommand {
  const { repository, base, edits } = input;
  const { remote, author } = at(site, repository);
  const branch = branchOf(input);
  const back = what === 'withdraw';
  const title = back ? `Revert: ${input.title}`.slice(0, 120) : input.title;
  const description = descriptionOf(input, back ? 'Takes back what was merged.' : 'Proposed for an incident.');
  const asking = { base, head: back ? revertBranch(branch) : branch, title, description, merge };
  return {
    ...{ kind: 'git', what, service: system, remote, base, branch, author, description },
    edits: fileEdits(back ? edits.map(inverse).toReversed() : edits),
    message: messageOf(input, author, title),
    forge: calls(site, repository, asking),
  };
}

const undone = [{ pointer: '/undone', op: 'eq' as const, value: true }];

/** The writes that propose a change of files, and take it back, at a forge whose `change_state` says where one stands. */
export function proposals(forge: Proposing) {
  const { system, repository, request, permissions, timeoutMs } = forge;
  const Input = Change.extend({ repository });
  const Waiting = Input.extend(Waits);
  /** Of what takes back a merged one: until people have merged it. */
  const Merging = Input.extend({ withinMinutes: Waits.withinMinutes });
  type Input = z.infer<typeof Input>;
  const state = ({ repository, base, plan, step }: Pick<Input, 'repository' | 'base' | 'plan' | 'step'>): OperationCall => ({
    ...{ operation: `${system}.change_state`, input: { repository, base, plan, step } },
  });
  const command = (how: How) => (input: Input, site: SiteFacts) => gitCommand(forge, input, site, how);
  const common = {
    ...{ output: Done, timeoutMs, permissions, state, stateOutput: ChangeState },
    parse: ({ stdout }: { stdout: string }) => parseJson(Done, stdout),
    impact: ({ edits }: Input) => ({ targets: edits.length, replicas: 0, percent: 0 }),
  };
  const proposing = {
    ...{ ...common, planned, probe: present, dryRun: command({ what: 'preview', merge: false }) },
    preconditions: (_input: Input, before: ChangeState) => [
      { pointer: '/standing', op: 'eq' as const, value: 'none' },
      before.baseCommit === null
        ? { pointer: '/baseCommit', op: 'ne' as const, value: null }
        : { pointer: '/branchCommit', op: 'eq' as const, value: before.branchCommit },
    ],
    rollback: ({ repository, base, plan, step, title, edits, evidence, withinMinutes }: z.infer<typeof Merging>) => ({
      operation: `${system}.withdraw`,
      input: { repository, base, plan, step, title, edits, evidence, withinMinutes },
    }),
  };
  return {
    change: write<z.infer<typeof Waiting>, Done, ChangeState>({
      ...proposing,
      name: `${system}.change`,
      tier: 'low',
      summary: `Propose a change of files as a ${request}, which people merge`,
      input: Waiting,
      command: command({ what: 'propose', merge: false }),
      verification: (input) => untilThen({ ...input, by: 'people' }, state(input), request),
    }),
    changeAndMerge: write<z.infer<typeof Merging>, Done, ChangeState>({
      ...proposing,
      name: `${system}.change_and_merge`,
      tier: 'medium',
      summary: `Propose a change of files as a ${request}, and have it merged once the rules of the repository allow it`,
      input: Merging,
      command: command({ what: 'propose', merge: true }),
      verification: (input) => untilThen({ ...input, until: 'merged', by: 'rules' }, state(input), request),
    }),
    withdraw: write({
      ...common,
      name: `${system}.withdraw`,
      tier: 'medium',
      summary: `Take back a proposed change: close its ${request}, or revert by another what was merged`,
      input: Merging,
      planned: (input) => input,
      command: (input, site) => command({ what: 'withdraw', merge: forge.at(site, input.repository).mergeReverts })(input, site),
      noDryRunReason: `what it does depends on whether people have merged the ${request} by then`,
      preconditions: (input) => present(input),
      probe: () => undone,
      verification: (input) => [
        {
          title: 'The change is taken back',
          ...{ ...state(input), expect: undone, withinSeconds: input.withinMinutes * 60, stableSeconds: 0, decidedAgainst: [] },
        },
      ],
      irreversibleReason: 'what was taken back is proposed anew by another plan',
    }),
  };
}
