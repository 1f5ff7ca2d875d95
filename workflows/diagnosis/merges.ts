import { z } from 'zod';
import type { Probe } from '../contracts/activities.ts';
import type { Estate } from '../ports.ts';
import { bounded } from './bounded.ts';
import { ageOf } from './deliveries.ts';
import type { SeenChange } from './model/change.ts';
import type { Kept } from './observed.ts';

type Service = Estate['services'][number];

/** Repositories whose merges are read in one round. */
const mostRepositories = 2;
/** Pull requests and commits of each. */
const most = 30;
/** Minutes that are looked back: what was merged takes a while to arrive. */
const windowMinutes = 180;

/** The repository that says what the service is; else the only one that its site has. Null: none is known. */
export function repositoryOf({ sites }: Pick<Estate, 'sites'>, { site: name, gitops }: Service): string | null {
  const site = sites.find((one) => one.name === name);
  if (site === undefined || !site.systems.includes('github')) return null;
  return gitops?.repository ?? site.repository ?? null;
}

/** What was merged of late into the repositories of those services. Commits tell what came without a request. */
export function mergeProbes(estate: Pick<Estate, 'sites'>, services: readonly Service[], at: Date): Probe[] {
  const named = services.flatMap((service) => {
    const repository = repositoryOf(estate, service);
    return repository === null ? [] : [{ site: service.site, repository, branch: service.gitops?.branch }];
  });
  const since = new Date(at.getTime() - windowMinutes * 60_000).toISOString();
  return [...new Map(named.map((one) => [`${one.site} ${one.repository}`, one])).values()]
    .slice(0, mostRepositories)
    .flatMap(({ site, repository, branch }): Probe[] => [
      {
        ...{ site, title: `Merged pull requests of ${repository}`, operation: 'github.pr_list' },
        input: { repository, state: 'merged', limit: most, ...(branch !== undefined && { base: branch }) },
      },
      {
        ...{ site, title: `Commits of ${repository}`, operation: 'github.commit_list' },
        input: { repository, since, limit: most, ...(branch !== undefined && { branch }) },
      },
    ]);
}

const Pulls = z.object({
  pulls: z.array(z.object({ number: z.number(), title: z.string(), base: z.string(), mergedAt: z.string().nullable(), url: z.string() })),
});
const Commits = z.object({
  commits: z.array(z.object({ commit: z.string(), at: z.string(), subject: z.string(), url: z.string() })),
});

/** `Merge pull request #7 from …`, `Fix it (#7)`: the commit of a request. */
const ofRequest = /^Merge pull request #\d+ |\(#\d+\)$/;

/** Requests that were merged, and commits that belong to none. */
export function toldMerges(kept: readonly Kept[], estate: Pick<Estate, 'sites' | 'services'>, at: Date): readonly SeenChange[] {
  return kept.flatMap(({ id, body }): SeenChange[] => {
    const repository = String(body.input['repository']);
    const owned = estate.services.filter((service) => service.site === body.site && repositoryOf(estate, service) === repository);
    const common = {
      observation: id,
      site: body.site,
      kind: 'merge',
      source: 'GitHub',
      entity: { kind: 'repository', namespace: null, name: repository },
      services: owned.map(({ namespace, name }) => `${namespace}/${name}`),
    } as const;
    const pulls = (Pulls.safeParse(body.output).data?.pulls ?? []).flatMap(({ number, title, base, mergedAt, url }) => {
      const age = ageOf(mergedAt, at);
      return age === null
        ? []
        : [{ ...common, age, url, words: `#${number} “${bounded(title, 120)}” was merged into ${base} of ${repository}` }];
    });
    const commits = (Commits.safeParse(body.output).data?.commits ?? []).flatMap(({ commit, at: when, subject, url }) => {
      const age = ageOf(when, at);
      const words = `${commit.slice(0, 12)} “${bounded(subject, 120)}” was committed to ${repository}`;
      return age === null || ofRequest.test(subject) ? [] : [{ ...common, age, url, words }];
    });
    return [...pulls, ...commits];
  });
}
