import { z } from 'zod';
import { mergeBranches } from './forge.ts';
import { made, ok, paged, pages, type Reply, type Route, refused } from './gitlab-http.ts';
import { pipelineBody } from './gitlab-pipelines.ts';
import { headOf, type MergeRequest, mergeStatusOf, type Project, quiet, statusOf } from './gitlab-state.ts';

const at = '2026-01-02T03:04:05.000Z';
const user = (username: string) => ({
  id: 7,
  username,
  name: username,
  state: 'active',
  avatar_url: null,
  web_url: `https://gitlab.example/${username}`,
});

async function listedBody(project: Project, request: MergeRequest, url: string) {
  const merged = request.state === 'merged';
  return {
    ...{ id: 1000 + request.iid, iid: request.iid, project_id: 42, title: request.title, description: request.description },
    ...{ state: request.state, created_at: at, updated_at: at, author: user('watchkeeper-bot'), labels: [], upvotes: 0, downvotes: 0 },
    ...{ source_branch: request.head, target_branch: request.base, source_project_id: request.fork ? 43 : 42, target_project_id: 42 },
    ...{ draft: /^draft:/i.test(request.title), merged_at: merged ? at : null, web_url: `${url}/-/merge_requests/${request.iid}` },
    ...{ sha: await headOf(project, request), merge_commit_sha: request.mergeCommit, squash_commit_sha: request.squashCommit },
    // Lists do not find it out anew.
    detailed_merge_status: request.checking > 0 ? 'unchecked' : await mergeStatusOf(project, request),
    ...{ merge_when_pipeline_succeeds: request.autoMerge, has_conflicts: false, user_notes_count: request.notes.length },
    blocking_discussions_resolved: request.notes.every(({ resolved }) => resolved !== false),
  };
}

async function oneBody(project: Project, request: MergeRequest, url: string) {
  const detailed_merge_status = await mergeStatusOf(project, request);
  if (request.checking > 0) request.checking -= 1;
  const range = request.state === 'merged' ? `${request.commits.at(-1)}^..${request.sha}` : `${request.base}...${request.sha}`;
  const files = (await quiet(project.git(['diff', '--name-only', range]))) ?? '';
  const pipeline = project.pipelines.find(({ id }) => id === request.pipeline);
  return {
    ...(await listedBody(project, request, url)),
    ...{ detailed_merge_status, changes_count: String(files.split('\n').filter(Boolean).length) },
    head_pipeline: pipeline === undefined ? null : pipelineBody(project, pipeline, url),
  };
}

/** Merges as GitLab does by default: a commit of two parents, of a squash another before it. */
export async function mergeNow(project: Project, request: MergeRequest, squash: boolean): Promise<void> {
  await headOf(project, request);
  const title = `Merge branch '${request.head}' into '${request.base}'`;
  const commit = await mergeBranches(project.git, request, title, squash);
  Object.assign(request, { state: 'merged', ...(squash ? { squashCommit: commit } : { mergeCommit: commit }) });
}

const state = z.enum(['opened', 'closed', 'locked', 'merged', 'all']);

export function requestRoutes(project: Project, url: string): readonly Route[] {
  const { git, requests } = project;
  const withNumber = async (number: string | undefined, use: (request: MergeRequest) => Promise<Reply> | Reply): Promise<Reply> => {
    const request = requests.find(({ iid }) => String(iid) === number);
    return request === undefined ? refused(404, '404 Not found') : await use(request);
  };

  async function merge(request: MergeRequest, body: Readonly<Record<string, unknown>>): Promise<Reply> {
    if (!project.mayMerge) return refused(401, '401 Unauthorized');
    const status = await mergeStatusOf(project, request);
    const waits = body['auto_merge'] === true && status === 'ci_still_running';
    if (status === 'conflict') return refused(422, 'Branch cannot be merged');
    if (status !== 'mergeable' && !waits) return refused(405, '405 Method Not Allowed');
    const head = await headOf(project, request);
    if (body['sha'] !== undefined && body['sha'] !== head) return refused(409, `SHA does not match HEAD of source branch: ${head}`);
    if (waits) request.autoMerge = true;
    else await mergeNow(project, request, body['squash'] === true);
    return ok(await oneBody(project, request, url));
  }

  async function open(body: Readonly<Record<string, unknown>>): Promise<Reply> {
    const [head, base] = [String(body['source_branch']), String(body['target_branch'])];
    const sha = await quiet(git(['rev-parse', '--verify', '--quiet', `refs/heads/${head}`]));
    if (sha === null) return refused(400, { source_branch: ['does not exist'] });
    const other = requests.find((one) => one.head === head && one.state === 'opened' && !one.fork);
    if (other !== undefined) return refused(409, [`Another open merge request already exists for this source branch: !${other.iid}`]);
    const iid = requests.length + 1;
    const request: MergeRequest = {
      ...{
        iid,
        title: String(body['title']),
        description: String(body['description'] ?? ''),
        base,
        head,
        fork: false,
        notes: [],
        checking: 2,
      },
      ...{ state: 'opened', sha, commits: [], mergeCommit: null, squashCommit: null, autoMerge: false, pipeline: null, approvedBy: [] },
    };
    requests.push(request);
    if (project.newJobs.length > 0) {
      request.pipeline = 500 + iid;
      project.pipelines.push({ id: request.pipeline, sha, ref: `refs/merge-requests/${iid}/head`, source: 'merge_request_event' });
      for (const job of project.newJobs)
        project.jobs.push({
          ...job,
          id: 9001 + project.jobs.length,
          pipeline: request.pipeline,
          mayFail: false,
          status: 'running',
          retried: false,
        });
    }
    return made(await oneBody(project, request, url));
  }

  return [
    {
      method: 'GET',
      path: /^\/merge_requests$/,
      query: {
        ...{ ...pages, state: state.optional(), source_branch: z.string().optional(), target_branch: z.string().optional() },
        ...{ order_by: z.enum(['created_at', 'updated_at', 'title', 'merged_at']).optional(), sort: z.enum(['asc', 'desc']).optional() },
        ...{ scope: z.enum(['created_by_me', 'assigned_to_me', 'all']).optional(), search: z.string().optional() },
      },
      answer: async ({ query }) => {
        const found = requests.filter(
          (one) =>
            (query['state'] === undefined || query['state'] === 'all' || query['state'] === one.state) &&
            (query['source_branch'] ?? one.head) === one.head &&
            (query['target_branch'] ?? one.base) === one.base,
        );
        return paged(await Promise.all(found.toReversed().map((one) => listedBody(project, one, url))), query);
      },
    },
    {
      method: 'POST',
      path: /^\/merge_requests$/,
      body: {
        ...{ source_branch: z.string().min(1), target_branch: z.string().min(1), title: z.string().min(1).max(255) },
        ...{
          description: z.string().max(1_048_576).optional(),
          squash: z.boolean().optional(),
          remove_source_branch: z.boolean().optional(),
        },
      },
      answer: ({ body }) => open(body),
    },
    {
      method: 'GET',
      path: /^\/merge_requests\/(\d+)$/,
      answer: ({ found: [number] }) => withNumber(number, async (request) => ok(await oneBody(project, request, url))),
    },
    {
      method: 'PUT',
      path: /^\/merge_requests\/(\d+)$/,
      body: { state_event: z.enum(['close', 'reopen']) },
      answer: ({ found: [number], body }) =>
        withNumber(number, async (request) => {
          if (request.state !== 'merged') request.state = body['state_event'] === 'close' ? 'closed' : 'opened';
          return ok(await oneBody(project, request, url));
        }),
    },
    {
      method: 'PUT',
      path: /^\/merge_requests\/(\d+)\/merge$/,
      body: {
        ...{ sha: z.string().optional(), squash: z.boolean().optional(), auto_merge: z.boolean().optional() },
        ...{ should_remove_source_branch: z.boolean().optional(), merge_commit_message: z.string().optional() },
      },
      answer: ({ found: [number], body }) => withNumber(number, (request) => merge(request, body)),
    },
    {
      method: 'GET',
      path: /^\/merge_requests\/(\d+)\/approvals$/,
      answer: ({ found: [number] }) =>
        withNumber(number, ({ iid, approvedBy }) => {
          const left = Math.max(0, project.approvals - approvedBy.length);
          const by = approvedBy.map((one) => ({ user: user(one), approved_at: at }));
          return ok({
            id: 1000 + iid,
            iid,
            approved: left === 0,
            approvals_required: project.approvals,
            approvals_left: left,
            approved_by: by,
          });
        }),
    },
    {
      method: 'GET',
      path: /^\/merge_requests\/(\d+)\/discussions$/,
      query: pages,
      answer: ({ found: [number], query }) =>
        withNumber(number, ({ notes }) => {
          const all = notes.map(({ by, text, resolved }, index) => ({
            ...{ id: `d${index}`, individual_note: resolved === null },
            notes: [
              {
                ...{
                  id: index,
                  type: resolved === null ? null : 'DiffNote',
                  body: text,
                  author: user(by),
                  created_at: at,
                  system: by === 'ghost',
                },
                ...{ resolvable: resolved !== null, ...(resolved === null ? {} : { resolved }) },
              },
            ],
          }));
          return paged(all, query);
        }),
    },
    {
      method: 'GET',
      path: /^\/merge_requests\/(\d+)\/commits$/,
      query: pages,
      answer: ({ found: [number], query }) =>
        withNumber(number, async (request) => {
          await headOf(project, request);
          const all = request.commits.map(async (id) => ({
            ...{
              id,
              short_id: id.slice(0, 8),
              title: '',
              message: await git(['log', '-1', '--format=%B', id]),
              author_name: 'Watchkeeper',
            },
          }));
          return paged(await Promise.all(all), query);
        }),
    },
    {
      method: 'GET',
      path: /^\/merge_requests\/(\d+)\/diffs$/,
      query: { ...pages, unidiff: z.stringbool().optional() },
      answer: ({ found: [number], query }) =>
        withNumber(number, async (request) => {
          const range = `${request.base}...${await headOf(project, request)}`;
          const names = (await git(['diff', '--name-only', range])).split('\n').filter(Boolean);
          const all = names.map(async (path) => ({
            ...{
              old_path: path,
              new_path: path,
              a_mode: '100644',
              b_mode: '100644',
              new_file: false,
              renamed_file: false,
              deleted_file: false,
            },
            diff: (await git(['diff', range, '--', path])).replace(/^[\s\S]*?(?=@@)/, ''),
          }));
          return paged(await Promise.all(all), query);
        }),
    },
    {
      method: 'GET',
      path: /^\/merge_requests\/(\d+)\/pipelines$/,
      query: pages,
      answer: ({ found: [number], query }) =>
        withNumber(number, (request) => {
          const own = project.pipelines.filter(({ id }) => id === request.pipeline);
          return paged(
            own.map((one) => pipelineBody(project, one, url)),
            query,
          );
        }),
    },
  ];
}

/** A pipeline that is over, and what waited for it. */
export async function finish(project: Project, pipeline: number, status: 'success' | 'failed'): Promise<void> {
  for (const job of project.jobs) if (job.pipeline === pipeline && !job.retried) job.status = status;
  const request = project.requests.find((one) => one.pipeline === pipeline);
  if (request?.autoMerge && request.state === 'opened' && statusOf(project, pipeline) === 'success')
    await mergeNow(project, request, false);
}
