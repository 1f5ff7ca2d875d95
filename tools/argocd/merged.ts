import { z } from 'zod';
import { NotFound, Objected, OutputMalformed } from '../errors.ts';
import { Branch, CommitId, Planned } from '../git/grammar.ts';
import { changeState, changeStateRequest } from '../github/change.ts';
import { comparedBy, comparison } from '../github/compare.ts';
import { RepositoryName } from '../github/gh.ts';
import { ProjectPath } from '../gitlab/api.ts';
import { comparedBy as comparedByGitLab, comparison as comparisonAtGitLab } from '../gitlab/compare.ts';
import { mergedCommit, mergedRequest } from '../gitlab/merged.ts';
import { parseJson } from '../json.ts';
import type { Answers, CommandResult, HttpSequence, Objection, SiteFacts } from '../operation.ts';
import { learned } from '../slots.ts';
import { ApplicationObject } from './application.ts';
import { argocd } from './argocd.ts';

const Change = Planned.extend({ base: Branch, repository: z.string() });

/** By whose word a change was merged, and as what (null: it is not), and how two of its repository's commits stand to each other. */
const forges = {
  github: {
    ...{ ask: changeStateRequest, merged: (stdout: string, change: z.infer<typeof Change>) => mergeCommit(stdout, change) },
    ...{ comparison, comparedBy },
  },
  gitlab: { ask: mergedRequest, merged: mergedCommit, comparison: comparisonAtGitLab, comparedBy: comparedByGitLab },
} as const;

function mergeCommit(stdout: string, change: z.infer<typeof Change>): string | null {
  const { request } = changeState.parse({ exitCode: 0, stdout, stderr: '' }, change);
  return request?.state === 'merged' ? (request.mergeCommit ?? '') : null;
}

/** A change that a step before proposed; what it is merged as is not known before that. */
export const Proposed = z.discriminatedUnion('forge', [
  Change.extend({ forge: z.literal('github'), repository: RepositoryName }),
  Change.extend({ forge: z.literal('gitlab'), repository: ProjectPath }),
]);

export interface Deploying {
  readonly application: string;
  readonly change: z.infer<typeof Proposed>;
}

/** Throws NotFound or OutputMalformed. */
function mergedIn(answers: Answers, { change: { forge, ...change } }: Deploying): string {
  const commitId = forges[forge].merged(JSON.stringify(answers['change'] ?? null), change);
  if (commitId === null) throw new NotFound('the change is not merged');
  const known = CommitId.safeParse(commitId);
  if (!known.success) throw new OutputMalformed('the forge did not say what the change was merged as');
  return known.data;
}

/** Of the newest deployment, and of the last operation, which may not have become one; empty: there was none. */
function revisionsIn(answers: Answers): { readonly deployed: string; readonly attempted: string } {
  const { status } = learned(ApplicationObject, answers, 'application');
  const [newest] = (status.history ?? []).toSorted((one, other) => other.id - one.id);
  return { deployed: newest?.revision ?? '', attempted: status.operationState?.syncResult?.revision ?? '' };
}

type Which = keyof ReturnType<typeof revisionsIn>;

/** What is to be compared with what was merged; null: it is the same, or nothing. Throws Objected. */
function other(answers: Answers, deploying: Deploying, which: Which): { readonly merged: string; readonly found: string } | null {
  const [merged, { deployed, attempted }] = [mergedIn(answers, deploying), revisionsIn(answers)];
  const found = which === 'deployed' ? deployed : attempted;
  if (found === merged || (which === 'attempted' && (found === '' || found === deployed))) return null;
  if (CommitId.safeParse(found).success) return { merged, found };
  throw new Objected(
    `${deploying.application} has ${found === '' ? 'nothing' : `"${found}"`} deployed, which is no commit: it cannot be told which is newer`,
  );
}

function looking({ application, change: { forge, ...change } }: Deploying, site: SiteFacts): HttpSequence {
  return {
    ...{ kind: 'requests', service: forge },
    of: [
      { name: 'application', command: argocd(site, ['app', 'get', application, '--output=json']) },
      { name: 'change', command: forges[forge].ask(change, site) },
    ],
  };
}

/** What Argo CD has deployed, what the change was merged as, and which of the two is newer. Throws SiteIncomplete. */
export function comparing(deploying: Deploying, site: SiteFacts): HttpSequence {
  const { forge, repository } = deploying.change;
  const both = (['deployed', 'attempted'] as const).flatMap((which) =>
    forges[forge].comparison(site, repository, which, (answers) => other(answers, deploying, which)),
  );
  return { ...looking(deploying, site), of: [...looking(deploying, site).of, ...both] };
}

/** The merged commit, where it is newer than what is deployed. Throws Objected where it is not: nothing is put back. */
export function newerThanDeployed({ stdout }: Pick<CommandResult, 'stdout'>, deploying: Deploying): string {
  const answers = parseJson(z.record(z.string(), z.unknown()), stdout);
  const { application, change } = deploying;
  for (const which of ['deployed', 'attempted'] as const) {
    const pair = other(answers, deploying, which);
    const order = pair === null ? 'older' : forges[change.forge].comparedBy(answers, which);
    if (pair === null || order === 'older') continue;
    const what =
      which === 'deployed'
        ? `${application} has ${pair.found} deployed`
        : `the last operation of ${application} was to deploy ${pair.found}`;
    throw new Objected(
      order === 'newer'
        ? `${what}, which holds the merged change (${pair.merged}) and more: an older state is not put in its place`
        : `${what}, which is on another line than the merged change (${pair.merged}): people have to say which is to be deployed`,
    );
  }
  return mergedIn(answers, deploying);
}

/** Before a deployment is brought back in place of the change: that may have been replaced by others since. */
export function unlessReplaced(deploying: Deploying, site: SiteFacts): Objection {
  return {
    command: looking(deploying, site),
    objection: ({ stdout }) => {
      try {
        const answers = parseJson(z.record(z.string(), z.unknown()), stdout);
        const [merged, { deployed }] = [mergedIn(answers, deploying), revisionsIn(answers)];
        return merged === deployed
          ? null
          : `${deploying.application} has ${deployed || 'nothing'} deployed by now, not the merged change (${merged}): it is left alone`;
      } catch (error) {
        if (error instanceof NotFound || error instanceof OutputMalformed) return error.message;
        throw error;
      }
    },
  };
}
