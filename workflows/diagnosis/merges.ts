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

interface Repository {
  readonly forge: 'github' | 'gitlab';
  readonly repository: string;
}

/** The repository that says what the service is; else the only one that its site has on GitHub. Null: none is known, or the site has not its forge. */
export function repositoryOf({ sites }: Pick<Estate, 'sites'>, { site: name, gitops }: Service): Repository | null {
  const site = sites.find((one) => one.name === name);
  const forge = gitops?.forge ?? 'github';
  const repository = gitops?.repository ?? site?.repository;
  return repository === undefined || site?.systems.includes(forge) !== true ? null : { forge, repository };
}

const forges = {
  github: { title: 'GitHub', requests: 'Merged pull requests', list: 'github.pr_list', commits: 'github.commit_list', sign: '#' },
  gitlab: { title: 'GitLab', requests: 'Merged merge requests', list: 'gitlab.mr_list', commits: 'gitlab.commit_list', sign: '!' },
} as const;

/** Reads that tell of merges. */
export const tellsOfMerges: ReadonlySet<string> = new Set(Object.values(forges).flatMap(({ list, commits }) => [list, commits]));

/** What was merged of late into the repositories of those services. Commits tell what came without a request. */
export function mergeProbes(estate: Pick<Estate, 'sites'>, services: readonly Service[], at: Date): Probe[] {
  const named = services.flatMap((service) => {
    const found = repositoryOf(estate, service);
    return found === null ? [] : [{ ...found, site: service.site, branch: service.gitops?.branch }];
  });
  const since = new Date(at.getTime() - windowMinutes * 60_000).toISOString();
  return [...new Map(named.map((one) => [`${one.site} ${one.forge} ${one.repository}`, one])).values()]
    .slice(0, mostRepositories)
    .flatMap(({ site, forge, repository, branch }): Probe[] => {
      const { requests, list, commits } = forges[forge];
      return [
        {
          ...{ site, title: `${requests} of ${repository}`, operation: list },
          input: { repository, state: 'merged', limit: most, ...(branch !== undefined && { base: branch }) },
        },
        {
          ...{ site, title: `Commits of ${repository}`, operation: commits },
          input: { repository, since, limit: most, ...(branch !== undefined && { branch }) },
        },
      ];
    });
}

const Merged = z.object({ number: z.number(), title: z.string(), base: z.string(), mergedAt: z.string().nullable(), url: z.string() });
const Requests = z.union([
  z.object({ pulls: z.array(Merged) }).transform(({ pulls }) => pulls),
  z.object({ requests: z.array(Merged) }).transform(({ requests }) => requests),
]);
const Commits = z.object({
  commits: z.array(z.object({ commit: z.string(), at: z.string(), subject: z.string(), url: z.string() })),
});

/** `Merge pull request #7 from …`, `Fix it (#7)`: the commit of a request. */
const ofRequest = /^Merge pull request #\d+ |\(#\d+\)$|^Merge branch '/;

/** Requests that were merged, and commits that belong to none. */
export function toldMerges(kept: readonly Kept[], estate: Pick<Estate, 'sites' | 'services'>, at: Date): readonly SeenChange[] {
  return kept.flatMap(({ id, body }): SeenChange[] => {
    const repository = String(body.input['repository']);
    const forge = body.operation.startsWith('gitlab.') ? 'gitlab' : 'github';
    const { title: source, sign } = forges[forge];
    const owned = estate.services.filter((service) => {
      const own = service.site === body.site ? repositoryOf(estate, service) : null;
      // That a site has but one repository makes it nobody's own.
      return service.gitops !== undefined && own?.forge === forge && own.repository === repository;
    });
    const common = {
      observation: id,
      site: body.site,
      kind: 'merge',
      source,
      entity: { kind: 'repository', namespace: null, name: repository },
      services: owned.map(({ namespace, name }) => `${namespace}/${name}`),
    } as const;
    const pulls = (Requests.safeParse(body.output).data ?? []).flatMap(({ number, title, base, mergedAt, url }) => {
      const age = ageOf(mergedAt, at);
      return age === null
        ? []
        : [{ ...common, age, url, words: `${sign}${number} “${bounded(title, 120)}” was merged into ${base} of ${repository}` }];
    });
    const commits = (Commits.safeParse(body.output).data?.commits ?? []).flatMap(({ commit, at: when, subject, url }) => {
      const age = ageOf(when, at);
      const words = `${commit.slice(0, 12)} “${bounded(subject, 120)}” was committed to ${repository}`;
      return age === null || ofRequest.test(subject) ? [] : [{ ...common, age, url: url === '' ? null : url, words }];
    });
    return [...pulls, ...commits];
  });
}
