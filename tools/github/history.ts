import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { Branch, CommitId, FilePath } from '../git/grammar.ts';
import { Blame, Commits, firstLine, LineNumbers } from '../git/history.ts';
import { argument, Time } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { dataOf } from './answer.ts';
import { gh, ghTimeoutMs, graphql, Repository, rest } from './gh.ts';

const readContents = ['Contents: read', 'Metadata: read'];

const Committed = z.object({
  sha: z.string(),
  html_url: z.string(),
  commit: z.object({
    message: z.string(),
    author: z.object({ name: z.string().default(''), date: z.string().default('') }).nullable(),
    committer: z.object({ date: z.string().default('') }).nullable(),
  }),
});

export const commitList = read({
  name: 'github.commit_list',
  summary: 'Commits of a branch within a window of time, newest first, of the whole repository or of one path',
  input: Repository.extend({
    branch: Branch.optional(),
    path: FilePath.optional(),
    since: Time,
    until: Time.optional(),
    limit: z.int().min(1).max(100).default(50),
  }),
  output: Commits,
  command: ({ repository, branch, path, since, until, limit }, site) =>
    rest(site, repository, '/commits', {
      ...(branch === undefined ? {} : { sha: branch }),
      ...(path === undefined ? {} : { path }),
      since,
      ...(until === undefined ? {} : { until }),
      per_page: String(limit),
    }),
  parse: ({ stdout }, { limit }) => {
    const all = parseJson(z.array(Committed), stdout);
    const commits = all.map(({ sha, html_url: url, commit }) => ({
      ...{ commit: sha, at: commit.committer?.date ?? '', author: commit.author?.name ?? '', subject: firstLine(commit.message), url },
    }));
    return { commits, more: all.length === limit };
  },
  timeoutMs: ghTimeoutMs,
  permissions: readContents,
});

const blameQuery = `query Blame($owner: String!, $name: String!, $at: String!, $path: String!) {
  repository(owner: $owner, name: $name) {
    object(expression: $at) {
      ... on Commit {
        oid
        blame(path: $path) {
          ranges { startingLine endingLine commit { oid committedDate messageHeadline author { name } } }
        }
      }
    }
  }
}`;

const Range = z.object({
  startingLine: z.number().int(),
  endingLine: z.number().int(),
  commit: z.object({
    oid: z.string(),
    committedDate: z.string(),
    messageHeadline: z.string(),
    author: z.object({ name: z.string().nullable() }).nullable(),
  }),
});

const Blamed = z.object({
  repository: z.object({ object: z.object({ oid: z.string(), blame: z.object({ ranges: z.array(Range) }) }).nullable() }).nullable(),
});

export const blame = read({
  name: 'github.blame',
  summary: 'Who changed the lines of a file last, and by which commit',
  input: Repository.extend({
    at: z.union([Branch, CommitId]),
    path: FilePath,
    ...LineNumbers,
  }).refine(({ fromLine, toLine }) => fromLine <= toLine, 'the lines must be in order'),
  output: Blame,
  command: ({ repository, at, path }, site) => graphql(site, repository, blameQuery, { at, path }),
  parse: ({ stdout }, { fromLine, toLine }) => {
    const found = dataOf(Blamed, stdout).repository?.object;
    if (found == null) throw new OutputMalformed('there is no such commit or branch');
    const ranges = found.blame.ranges.filter(({ startingLine, endingLine }) => startingLine <= toLine && endingLine >= fromLine);
    const lines = ranges.slice(0, 200).map(({ startingLine, endingLine, commit }) => ({
      ...{ from: Math.max(startingLine, fromLine), to: Math.min(endingLine, toLine), commit: commit.oid, at: commit.committedDate },
      ...{ author: commit.author?.name ?? '', subject: firstLine(commit.messageHeadline) },
    }));
    return { commit: found.oid, lines };
  },
  timeoutMs: ghTimeoutMs,
  permissions: readContents,
});

const Deployed = z.object({
  id: z.number().int(),
  sha: z.string(),
  ref: z.string(),
  environment: z.string(),
  description: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  creator: z.object({ login: z.string() }).nullable(),
});

export const deploymentList = read({
  name: 'github.deployment_list',
  summary: 'Deployments of a repository, newest first, of all environments or of one',
  input: Repository.extend({
    environment: argument(255)
      .regex(/^[A-Za-z0-9._ /-]+$/, 'must be the name of an environment')
      .optional(),
    limit: z.int().min(1).max(100).default(30),
  }),
  output: z.object({
    deployments: z.array(
      z.object({
        ...{ deployment: z.number().int(), commit: z.string(), ref: z.string(), environment: z.string(), by: z.string().nullable() },
        ...{ description: z.string(), createdAt: z.string(), updatedAt: z.string() },
      }),
    ),
  }),
  command: ({ repository, environment, limit }, site) =>
    rest(site, repository, '/deployments', { ...(environment === undefined ? {} : { environment }), per_page: String(limit) }),
  parse: ({ stdout }) => ({
    deployments: parseJson(z.array(Deployed), stdout).map(({ id, sha, ref, environment, description, creator, ...at }) => ({
      ...{ deployment: id, commit: sha, ref, environment, by: creator?.login ?? null, description: (description ?? '').slice(0, 300) },
      ...{ createdAt: at.created_at, updatedAt: at.updated_at },
    })),
  }),
  timeoutMs: ghTimeoutMs,
  permissions: ['Deployments: read', 'Metadata: read'],
});

const Released = z.object({
  ...{ tag_name: z.string(), name: z.string().nullable(), draft: z.boolean(), prerelease: z.boolean(), html_url: z.string() },
  ...{ created_at: z.string(), published_at: z.string().nullable(), target_commitish: z.string() },
});

/** `gh release list` prints a table only, and less. */
export const releaseList = read({
  name: 'github.release_list',
  summary: 'Releases of a repository, newest first',
  input: Repository.extend({ limit: z.int().min(1).max(100).default(20) }),
  output: z.object({
    releases: z.array(
      z.object({
        ...{ tag: z.string(), name: z.string(), draft: z.boolean(), prerelease: z.boolean(), target: z.string(), url: z.string() },
        publishedAt: z.string().nullable(),
      }),
    ),
  }),
  command: ({ repository, limit }, site) => rest(site, repository, '/releases', { per_page: String(limit) }),
  parse: ({ stdout }) => ({
    releases: parseJson(z.array(Released), stdout).map(({ tag_name: tag, name, draft, prerelease, ...release }) => ({
      ...{ tag, name: name ?? '', draft, prerelease, target: release.target_commitish, url: release.html_url },
      publishedAt: release.published_at,
    })),
  }),
  timeoutMs: ghTimeoutMs,
  permissions: readContents,
});

/** What a pull request changes, as a diff; also the dry run of its merge. */
export function diffLine(repository: string, number: number, site: Parameters<typeof gh>[0]) {
  return gh(site, repository, ['pr', 'diff', `${number}`, '--color=never']);
}
