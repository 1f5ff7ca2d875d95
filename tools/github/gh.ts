import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument } from '../grammar.ts';
import type { CliCommand, HttpCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a read may take. */
export const ghTimeoutMs = 30_000;

/** Milliseconds that a change of a repository may take. */
export const changeTimeoutMs = 100_000;

/** `owner/name`, as GitHub spells them. */
export const RepositoryName = argument(140)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, 'must be owner/name')
  .refine((name) => !/\/(\.{1,2}|.*\.git)$/.test(name), 'must be owner/name');

export const Repository = z.strictObject({ repository: RepositoryName });
export const Numbered = Repository.extend({ number: z.int().positive().max(1_000_000_000) });

type Settings = NonNullable<SiteFacts['github']>;

/** Whether settings name a repository, by its name or as `owner/*`. */
export function namesRepository(patterns: readonly string[], repository: string): boolean {
  const wanted = repository.toLowerCase();
  const [owner] = wanted.split('/');
  return patterns.some((pattern) => pattern.toLowerCase() === wanted || pattern.toLowerCase() === `${owner}/*`);
}

/** What the site has of GitHub, where the repository is among those that it names. Throws SiteIncomplete. */
export function githubAt(site: SiteFacts, repository: string): Settings {
  const own = site.github;
  if (own === undefined) throw new SiteIncomplete(`site ${site.name} has no GitHub: configure sites[].github`);
  if (!namesRepository(own.repositories, repository))
    throw new SiteIncomplete(`site ${site.name} does not name ${repository}: add it to sites[].github.repositories`);
  return own;
}

/** A gh command line. Host and token come from the environment that the runner fixes. */
export function gh(site: SiteFacts, repository: string, argv: readonly string[], stdin?: string): CliCommand {
  githubAt(site, repository);
  return { kind: 'cli', binary: 'gh', argv: [...argv, `--repo=${repository}`], ...(stdin === undefined ? {} : { stdin }) };
}

/** A request to the REST API, for what gh has no command. */
export function rest(site: SiteFacts, repository: string, path: string, query: Readonly<Record<string, string>> = {}): HttpCommand {
  const { host } = githubAt(site, repository);
  return {
    kind: 'http',
    method: 'GET',
    service: 'github',
    path: `${host === 'github.com' ? '' : '/v3'}/repos/${repository}${path}`,
    query,
  };
}

/** A query of the GraphQL API, for what neither gh nor REST has. */
export function graphql(site: SiteFacts, repository: string, query: string, variables: Readonly<Record<string, unknown>>): HttpCommand {
  githubAt(site, repository);
  const [owner, name] = repository.split('/');
  const body = JSON.stringify({ query, variables: { owner, name, ...variables } });
  return { kind: 'http', method: 'POST', service: 'github', path: '/graphql', query: {}, body };
}
