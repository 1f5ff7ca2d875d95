import { z } from 'zod';
import { made, missing, ok, paged, pages, type Reply, type Route, refused } from './gitlab-http.ts';
import { type Project, quiet } from './gitlab-state.ts';

const at = '2026-01-02T03:04:05.000Z';
const format = '--format=%H%x00%cI%x00%an%x00%ae%x00%P%x00%B%x01';

export function repositoryRoutes({ git }: Project, url: string): readonly Route[] {
  const resolve = (ref: string) => quiet(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]));

  async function commitsBy(argv: readonly string[]) {
    const text = await git(['log', format, ...argv]);
    return text
      .split('\x01')
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => {
        const [id = '', date = '', name = '', email = '', parents = '', message = ''] = one.split('\0');
        const who = { author_name: name, author_email: email, committer_name: name, committer_email: email };
        const when = { created_at: date, authored_date: date, committed_date: date };
        const parent_ids = parents.split(' ').filter(Boolean);
        const names = { id, short_id: id.slice(0, 8), title: message.split('\n')[0], message, parent_ids };
        return { ...names, ...who, ...when, web_url: `${url}/-/commit/${id}` };
      });
  }

  async function branchBody(name: string, tip: string) {
    const [commit] = await commitsBy(['-1', tip]);
    return {
      name,
      commit,
      merged: false,
      protected: name === 'main',
      default: name === 'main',
      can_push: true,
      web_url: `${url}/-/tree/${name}`,
    };
  }

  /** One file of a difference, as the API has it. */
  async function fileDiff(from: string, to: string, path: string) {
    const text = await git(['diff', '--no-renames', from, to, '--', path]);
    const [, a_mode = '100644'] = /^(?:old|deleted file) mode (\d+)/m.exec(text) ?? [];
    const [, b_mode = '100644'] = /^new (?:file )?mode (\d+)/m.exec(text) ?? [];
    const flags = { new_file: /^new file/m.test(text), deleted_file: /^deleted file/m.test(text), renamed_file: false };
    const hunks = text.indexOf('\n@@');
    return { old_path: path, new_path: path, a_mode, b_mode, ...flags, diff: hunks < 0 ? '' : `${text.slice(hunks + 1)}\n` };
  }

  async function compare(from: string, to: string, straight: boolean): Promise<Reply> {
    const [a, b] = [await resolve(from), await resolve(to)];
    if (a === null || b === null) return missing('Ref');
    const start = straight ? a : await git(['merge-base', a, b]);
    const paths = (await git(['diff', '--no-renames', '--name-only', start, b])).split('\n').filter(Boolean);
    const commits = await commitsBy(['--reverse', b, `^${a}`]);
    return ok({
      ...{ commit: commits.at(-1) ?? null, commits, diffs: await Promise.all(paths.map((path) => fileDiff(start, b, path))) },
      ...{ compare_timeout: false, compare_same_ref: a === b, web_url: `${url}/-/compare/${from}...${to}` },
    });
  }

  /** As Gitaly: three ways, on top of the branch. */
  async function revert(sha: string, branch: string, dry: boolean): Promise<Reply> {
    const tip = await resolve(`refs/heads/${branch}`);
    if (tip === null) return refused(400, 'You can only create or edit files when you are on a branch');
    if ((await resolve(sha)) === null) return missing('Commit');
    const message = `Revert "${await git(['log', '-1', '--format=%s', sha])}"\n\nThis reverts commit ${sha}`;
    // Of words of its own: within the second in which the same was reverted before, it would be that very commit.
    const back = await git(['commit-tree', `${sha}^1^{tree}`, '-p', sha, '-m', 'To compare with']);
    const tree = await quiet(git(['merge-tree', '--write-tree', tip, back]));
    const sorry =
      'Sorry, we cannot revert this commit automatically. This commit may already have been reverted, or a more recent commit may have updated some of its content.';
    const same = tree === (await git(['rev-parse', `${tip}^{tree}`]));
    if (tree === null || same) return { status: 400, body: { message: sorry, error_code: same ? 'empty' : 'conflict' } };
    if (dry) return ok({ dry_run: 'success' });
    const commit = await git(['commit-tree', tree, '-p', tip, '-m', message]);
    await git(['update-ref', `refs/heads/${branch}`, commit, tip]);
    return made((await commitsBy(['-1', commit]))[0]);
  }

  return [
    {
      method: 'GET',
      path: /^\/repository\/branches\/([^/]+)$/,
      answer: async ({ found: [name = ''] }) => {
        const tip = await resolve(`refs/heads/${name}`);
        return tip === null ? missing('Branch') : ok(await branchBody(name, tip));
      },
    },
    {
      method: 'POST',
      path: /^\/repository\/branches$/,
      body: { branch: z.string().min(1), ref: z.string().min(1) },
      answer: async ({ body }) => {
        const [branch, tip] = [String(body['branch']), await resolve(String(body['ref']))];
        if (tip === null) return refused(400, `Invalid reference name: ${body['ref']}`);
        if ((await resolve(`refs/heads/${branch}`)) !== null) return refused(400, 'Branch already exists');
        await git(['update-ref', `refs/heads/${branch}`, tip]);
        return made(await branchBody(branch, tip));
      },
    },
    {
      method: 'DELETE',
      path: /^\/repository\/branches\/([^/]+)$/,
      answer: async ({ found: [name = ''] }) => {
        if ((await resolve(`refs/heads/${name}`)) === null) return missing('Branch');
        await git(['update-ref', '-d', `refs/heads/${name}`]);
        return { status: 204, body: null };
      },
    },
    {
      method: 'GET',
      path: /^\/repository\/commits$/,
      query: {
        ...{ ...pages, ref_name: z.string().optional(), path: z.string().optional(), all: z.stringbool().optional() },
        ...{ since: z.iso.datetime().optional(), until: z.iso.datetime().optional(), author: z.string().optional() },
      },
      answer: async ({ query }) => {
        const tip = await resolve(String(query['ref_name'] ?? 'main'));
        if (tip === null) return missing('Commit');
        const window = [...(query['since'] ? [`--since=${query['since']}`] : []), ...(query['until'] ? [`--until=${query['until']}`] : [])];
        return paged(await commitsBy([...window, tip, '--', ...(query['path'] ? [String(query['path'])] : [])]), query);
      },
    },
    {
      method: 'GET',
      path: /^\/repository\/commits\/([^/]+)$/,
      query: { stats: z.stringbool().optional() },
      answer: async ({ found: [ref = ''] }) => {
        const tip = await resolve(ref);
        return tip === null ? missing('Commit') : ok((await commitsBy(['-1', tip]))[0]);
      },
    },
    {
      method: 'GET',
      path: /^\/repository\/compare$/,
      query: {
        ...{ from: z.string().min(1), to: z.string().min(1) },
        ...{ from_project_id: z.coerce.number().int().optional(), straight: z.stringbool().optional(), unidiff: z.stringbool().optional() },
      },
      answer: ({ query }) => compare(String(query['from']), String(query['to']), query['straight'] === true),
    },
    {
      method: 'POST',
      path: /^\/repository\/commits\/([0-9a-f]{40})\/revert$/,
      body: { branch: z.string().min(1), dry_run: z.boolean().optional() },
      answer: ({ found: [sha = ''], body }) => revert(sha, String(body['branch']), body['dry_run'] === true),
    },
    {
      method: 'GET',
      path: /^\/repository\/files\/([^/]+)$/,
      query: { ref: z.string().min(1) },
      answer: async ({ found: [path = ''], query }) => {
        const tip = await resolve(String(query['ref']));
        if (tip === null) return missing('Commit');
        const blob = await quiet(git(['rev-parse', '--verify', '--quiet', `${tip}:${path}`]));
        if (blob === null) return missing('File');
        const text = `${await git(['cat-file', 'blob', blob])}\n`;
        const [last] = await commitsBy(['-1', tip, '--', path]);
        return ok({
          ...{ file_name: path.split('/').at(-1), file_path: path, size: Buffer.byteLength(text), encoding: 'base64', ref: query['ref'] },
          ...{
            content: Buffer.from(text).toString('base64'),
            blob_id: blob,
            commit_id: tip,
            last_commit_id: last?.id,
            execute_filemode: false,
          },
        });
      },
    },
    {
      method: 'GET',
      path: /^\/repository\/files\/([^/]+)\/blame$/,
      query: {
        ref: z.string().min(1),
        'range[start]': z.coerce.number().int().min(1).optional(),
        'range[end]': z.coerce.number().int().min(1).optional(),
      },
      answer: async ({ found: [path = ''], query }) => {
        const range = query['range[start]'] === undefined ? [] : [`-L${query['range[start]']},${query['range[end]']}`];
        const text = await quiet(git(['blame', '--line-porcelain', ...range, String(query['ref']), '--', path]));
        if (text === null) return missing('File');
        const lines = [...text.matchAll(/^([0-9a-f]{40}) [\s\S]*?^\t(.*)$/gm)].map(([, id = '', line = '']) => ({ id, line }));
        const ranges: { id: string; lines: string[] }[] = [];
        for (const { id, line } of lines)
          if (ranges.at(-1)?.id === id) ranges.at(-1)?.lines.push(line);
          else ranges.push({ id, lines: [line] });
        return ok(await Promise.all(ranges.map(async ({ id, lines: own }) => ({ commit: (await commitsBy(['-1', id]))[0], lines: own }))));
      },
    },
    {
      method: 'GET',
      path: /^\/releases$/,
      query: { ...pages, order_by: z.enum(['released_at', 'created_at']).optional(), sort: z.enum(['asc', 'desc']).optional() },
      answer: async ({ query }) => {
        const [commit] = await commitsBy(['-1', 'main']);
        const release = (tag_name: string) => ({
          ...{ tag_name, name: tag_name, description: '', created_at: at, released_at: at, upcoming_release: false, commit },
          _links: { self: `${url}/-/releases/${tag_name}` },
        });
        return paged(['v1.3', 'v1.2'].map(release), query);
      },
    },
    {
      method: 'GET',
      path: /^\/environments$/,
      query: { ...pages, name: z.string().optional(), states: z.enum(['available', 'stopping', 'stopped']).optional() },
      answer: ({ query }) => {
        const one = (name: string, id: number) => ({
          ...{
            id,
            name,
            slug: name,
            external_url: `https://${name}.shop.example`,
            state: 'available',
            tier: name,
            created_at: at,
            updated_at: at,
          },
        });
        return paged(query['states'] === 'available' ? [one('production', 1), one('staging', 2)] : [], query);
      },
    },
    {
      method: 'GET',
      path: /^\/deployments$/,
      query: {
        ...{ ...pages, environment: z.string().optional(), sort: z.enum(['asc', 'desc']).optional() },
        order_by: z.enum(['id', 'iid', 'created_at', 'updated_at', 'finished_at', 'ref']).optional(),
        status: z.enum(['created', 'running', 'success', 'failed', 'canceled', 'skipped', 'blocked']).optional(),
      },
      answer: ({ query }) => {
        const all = ['production', 'staging'].map((name, index) => ({
          ...{ id: index + 1, iid: index + 1, ref: 'main', sha: 'a'.repeat(40), created_at: at, updated_at: at, status: 'success' },
          ...{ user: { username: 'ann' }, environment: { id: index + 1, name }, deployable: { id: 70, pipeline: { id: 60 } } },
        }));
        return paged(
          all.filter(({ environment: { name } }) => [undefined, name].includes(query['environment'] as string)),
          query,
        );
      },
    },
  ];
}
