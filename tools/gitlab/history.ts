import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { Branch, CommitId, FilePath } from '../git/grammar.ts';
import { Blame, Commits, firstLine, LineNumbers, type Lines } from '../git/history.ts';
import { Time } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { boundedText, Text, textOf } from '../text.ts';
import { gitlabTimeoutMs, Project, part, projectApi, requests } from './api.ts';
import { readProject } from './rights.ts';

const Commit = z.object({
  ...{ id: z.string(), title: z.string().nullish(), message: z.string(), author_name: z.string(), committed_date: z.string().nullish() },
  web_url: z.string().nullish(),
});

export const commitList = read({
  name: 'gitlab.commit_list',
  summary: 'Commits of a branch within a window of time, newest first, of the whole project or of one path',
  input: Project.extend({
    branch: Branch.optional(),
    path: FilePath.optional(),
    since: Time,
    until: Time.optional(),
    limit: z.int().min(1).max(100).default(50),
  }),
  output: Commits,
  command: ({ repository, branch, path, since, until, limit }, site) =>
    projectApi(site, repository).get('/repository/commits', { ref_name: branch, path, since, until, per_page: limit }),
  parse: ({ stdout }, { limit }) => {
    const all = parseJson(z.array(Commit), stdout);
    const commits = all.map(({ id, committed_date, author_name, message, web_url }) => ({
      ...{ commit: id, at: committed_date ?? '', author: author_name, subject: firstLine(message), url: web_url ?? '' },
    }));
    return { commits, more: all.length === limit };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

const at = z.union([CommitId, Branch]);

const Blamed = z.object({
  commit: z.object({ id: z.string() }),
  ranges: z.array(z.object({ commit: Commit, lines: z.array(z.string()) })),
});

export const blame = read({
  name: 'gitlab.blame',
  summary: 'Who changed the lines of a file last, and by which commit',
  input: Project.extend({ at, path: FilePath, ...LineNumbers }).refine(
    ({ fromLine, toLine }) => fromLine <= toLine,
    'the lines must be in order',
  ),
  output: Blame,
  command: ({ repository, at: ref, path, fromLine, toLine }, site) => {
    const api = projectApi(site, repository);
    const range = { 'range[start]': fromLine, 'range[end]': toLine };
    return requests([
      { name: 'commit', command: api.get(`/repository/commits/${part(ref)}`) },
      { name: 'ranges', command: api.get(`/repository/files/${part(path)}/blame`, { ref, ...range }) },
    ]);
  },
  parse: ({ stdout }, { fromLine }) => {
    const { commit, ranges } = parseJson(Blamed, stdout);
    let next = fromLine;
    const lines = ranges.map(({ commit: by, lines: text }): Lines => {
      const from = next;
      next += text.length;
      const who = { commit: by.id, at: by.committed_date ?? '', author: by.author_name, subject: firstLine(by.message) };
      return { from, to: next - 1, ...who };
    });
    return { commit: commit.id, lines: lines.slice(0, 200) };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

const File = z.object({
  file_path: z.string(),
  size: z.number().int(),
  content: z.string(),
  commit_id: z.string(),
  last_commit_id: z.string(),
});

export const file = read({
  name: 'gitlab.file',
  summary: 'What a file says at a branch or a commit',
  input: Project.extend({ at, path: FilePath }),
  output: Text.extend({
    /** Where it was read. */ commit: z.string(),
    /** The last that changed it. */ changedBy: z.string(),
    bytes: z.number().int(),
  }),
  command: ({ repository, at: ref, path }, site) => projectApi(site, repository).get(`/repository/files/${part(path)}`, { ref }),
  parse: ({ stdout }) => {
    const { size, content, commit_id, last_commit_id } = parseJson(File, stdout);
    const text = Buffer.from(content, 'base64').toString('utf8');
    if (text.includes('\0') || text.includes('\uFFFD')) throw new OutputMalformed('it is no text');
    return { ...textOf(text), commit: commit_id, changedBy: last_commit_id, bytes: size };
  },
  cut: (output) => ({ ...output, ...boundedText(output) }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

const Released = z.object({
  ...{ tag_name: z.string(), name: z.string().nullish(), released_at: z.string().nullish(), upcoming_release: z.boolean().nullish() },
  ...{ commit: z.object({ id: z.string() }).nullish(), _links: z.object({ self: z.string().nullish() }).nullish() },
});

export const releaseList = read({
  name: 'gitlab.release_list',
  summary: 'Releases of a project, newest first',
  input: Project.extend({ limit: z.int().min(1).max(100).default(20) }),
  output: z.object({
    releases: z.array(
      z.object({
        ...{ tag: z.string(), name: z.string(), upcoming: z.boolean(), commit: z.string().nullable(), url: z.string() },
        releasedAt: z.string().nullable(),
      }),
    ),
  }),
  command: ({ repository, limit }, site) =>
    projectApi(site, repository).get('/releases', { order_by: 'released_at', sort: 'desc', per_page: limit }),
  parse: ({ stdout }) => ({
    releases: parseJson(z.array(Released), stdout).map(({ tag_name: tag, name, released_at, upcoming_release, commit, _links }) => ({
      ...{ tag, name: name ?? '', upcoming: upcoming_release ?? false, commit: commit?.id ?? null, url: _links?.self ?? '' },
      releasedAt: released_at ?? null,
    })),
  }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});
