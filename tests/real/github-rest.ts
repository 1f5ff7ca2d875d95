import type { Reply, Repository, WorkflowRun } from './github.ts';

interface Request {
  readonly url: URL;
  readonly body: unknown;
  readonly found: readonly string[];
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** Query parameters of the published description that are taken. */
  readonly query: readonly string[];
  /** Fields of its body. */
  readonly body?: readonly string[];
  readonly write?: true;
  readonly answer: (request: Request) => Promise<Reply> | Reply;
}

const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({ status: 200, body, headers });

/** As GitHub pages: `per_page` of at most 100, and where the next page is. */
function paged(
  all: readonly unknown[],
  url: URL,
): { readonly items: readonly unknown[]; readonly headers: Readonly<Record<string, string>> } {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const more = all.length > page * size;
  return { items: all.slice((page - 1) * size, page * size), headers: more ? { link: `<${next.href}>; rel="next"` } : {} };
}

/** A zip archive of stored files: what logs of runs are. */
function zipped(name: string, text: string): Buffer {
  const [file, data] = [Buffer.from(name), Buffer.from(text)];
  const crc = data.reduce((sum, byte) => {
    let value = (sum ^ byte) & 0xff;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return (sum >>> 8) ^ value;
  }, 0xffffffff);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE((crc ^ 0xffffffff) >>> 0, 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(data.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, data]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** The REST API, version 2022-11-28: of the published description what operations ask, and nothing that it does not have. */
export function createRest({ git, runs, pulls }: Repository, site: { readonly url: string }) {
  const repository = { id: 1, name: 'shop', full_name: 'acme/shop', private: true, owner: { login: 'acme' } };

  function runOf({ id, startedAt, status, conclusion }: WorkflowRun) {
    return {
      ...{
        id,
        name: 'CI',
        display_title: 'Begin',
        event: 'push',
        head_branch: 'main',
        head_sha: '0'.repeat(40),
        status,
        conclusion,
        repository,
      },
      ...{ workflow_id: 5, run_number: 1, run_attempt: 1, created_at: startedAt, updated_at: startedAt, run_started_at: startedAt },
      ...{ html_url: `${site.url}/acme/shop/actions/runs/${id}`, jobs_url: `${site.url}/api/v3/repos/acme/shop/actions/runs/${id}/jobs` },
      ...{ logs_url: `${site.url}/api/v3/repos/acme/shop/actions/runs/${id}/logs`, head_repository: repository, pull_requests: [] },
    };
  }

  const job = (run: WorkflowRun) => ({
    ...{ id: 77, run_id: run.id, name: 'build', status: run.status, conclusion: run.conclusion, html_url: `${site.url}/job/77` },
    ...{ started_at: run.startedAt, completed_at: run.startedAt },
    steps: [
      { name: 'Check out', number: 1, status: 'completed', conclusion: 'success' },
      { name: 'Test', number: 2, status: 'completed', conclusion: run.conclusion },
    ],
  });

  const runWith = ([id]: readonly string[]): WorkflowRun | undefined => runs.find((one) => one.id === Number(id));
  const missing: Reply = { status: 404, body: { message: 'Not Found' } };

  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: /^\/pulls\/(\d+)$/,
      query: [],
      answer: async ({ found: [number] }) => {
        const pull = pulls.find((one) => one.number === Number(number));
        if (pull === undefined) return missing;
        // As `Accept: application/vnd.github.v3.diff` asks for it.
        return ok(Buffer.from(`${await git(['diff', `refs/heads/${pull.base}...refs/heads/${pull.head}`])}\n`));
      },
    },
    {
      method: 'GET',
      path: /^\/commits$/,
      query: ['sha', 'path', 'author', 'committer', 'since', 'until', 'per_page', 'page'],
      answer: async ({ url }) => {
        const get = (name: string) => url.searchParams.get(name);
        const args = [
          'log',
          '--format=%H%x00%cI%x00%an%x00%s',
          `--since=${get('since') ?? ''}`,
          ...(get('until') ? [`--until=${get('until')}`] : []),
        ];
        const lines = await git([...args, get('sha') ?? 'main', '--', ...(get('path') ? [get('path') ?? ''] : [])]);
        const commits = lines
          .split('\n')
          .filter(Boolean)
          .map((line) => {
            const [sha = '', date = '', name = '', message = ''] = line.split('\0');
            return {
              sha,
              html_url: `${site.url}/acme/shop/commit/${sha}`,
              commit: { message, author: { name, date }, committer: { name, date } },
            };
          });
        const { items, headers } = paged(commits, url);
        return ok(items, headers);
      },
    },
    {
      method: 'GET',
      path: /^\/compare\/([0-9a-f]{40})\.\.\.([0-9a-f]{40})$/,
      query: ['page', 'per_page'],
      answer: async ({ found: [base = '', head = ''] }) => {
        const count = async (range: string) => Number(await git(['rev-list', '--count', range]));
        const [ahead_by, behind_by] = await Promise.all([count(`${base}..${head}`), count(`${head}..${base}`)]).catch(() => [-1, -1]);
        if (ahead_by < 0) return missing;
        const one = ahead_by > 0 ? 'ahead' : 'identical';
        const status = behind_by === 0 ? one : ahead_by > 0 ? 'diverged' : 'behind';
        return ok({ status, ahead_by, behind_by, total_commits: ahead_by, commits: [], files: [] });
      },
    },
    {
      method: 'GET',
      path: /^\/deployments$/,
      query: ['sha', 'ref', 'task', 'environment', 'per_page', 'page'],
      answer: ({ url }) => {
        const all = ['production', 'staging'].map((environment, id) => ({
          ...{ id: id + 1, sha: 'a'.repeat(40), ref: 'main', environment, description: null, creator: { login: 'ann' } },
          ...{ created_at: '2026-01-02T03:04:05Z', updated_at: '2026-01-02T03:04:05Z' },
        }));
        return ok(all.filter(({ environment }) => [null, environment].includes(url.searchParams.get('environment'))));
      },
    },
    {
      method: 'GET',
      path: /^\/releases$/,
      query: ['per_page', 'page'],
      answer: ({ url }) => {
        const release = (tag_name: string) => ({
          ...{ tag_name, name: tag_name, draft: false, prerelease: false, html_url: `${site.url}/acme/shop/releases/${tag_name}` },
          ...{ created_at: '2026-01-02T03:04:05Z', published_at: '2026-01-02T03:04:05Z', target_commitish: 'main' },
        });
        return ok(paged(['v1.3', 'v1.2'].map(release), url).items);
      },
    },
    {
      method: 'GET',
      path: /^\/actions\/workflows$/,
      query: ['per_page', 'page'],
      answer: () => ok({ total_count: 1, workflows: [{ id: 5, name: 'CI', path: '.github/workflows/ci.yml', state: 'active' }] }),
    },
    {
      method: 'GET',
      path: /^\/actions\/workflows\/(\d+)$/,
      query: [],
      answer: () => ok({ id: 5, name: 'CI', path: '.github/workflows/ci.yml', state: 'active' }),
    },
    {
      method: 'GET',
      path: /^\/actions\/runs$/,
      query: ['actor', 'branch', 'event', 'status', 'per_page', 'page', 'created', 'exclude_pull_requests', 'check_suite_id', 'head_sha'],
      answer: () => ok({ total_count: runs.length, workflow_runs: runs.map(runOf) }),
    },
    {
      method: 'GET',
      path: /^\/actions\/runs\/(\d+)$/,
      query: ['exclude_pull_requests'],
      answer: ({ found }) => {
        const run = runWith(found);
        return run === undefined ? missing : ok(runOf(run));
      },
    },
    {
      method: 'GET',
      path: /^\/actions\/runs\/(\d+)\/jobs$/,
      query: ['filter', 'per_page', 'page'],
      answer: ({ found }) => {
        const run = runWith(found);
        return run === undefined ? missing : ok({ total_count: 1, jobs: [job(run)] });
      },
    },
    {
      method: 'GET',
      path: /^\/actions\/runs\/(\d+)\/logs$/,
      query: [],
      answer: () => ({ status: 302, body: {}, headers: { location: `${site.url}/api/v3/archive` } }),
    },
    {
      method: 'POST',
      path: /^\/actions\/runs\/(\d+)\/(rerun|rerun-failed-jobs)$/,
      query: [],
      body: ['enable_debug_logging'],
      write: true,
      answer: ({ found }) => {
        const run = runWith(found);
        if (run === undefined) return missing;
        Object.assign(run, { status: 'queued', conclusion: null, startedAt: new Date().toISOString() });
        return { status: 201, body: {} };
      },
    },
  ];

  return async (method: string, url: URL, text: string, may: boolean): Promise<Reply> => {
    if (url.pathname === '/api/v3/archive')
      return { ...ok(zipped('build/2_Test.txt', logText)), headers: { 'content-type': 'application/zip' } };
    const [, path] = /^\/api\/v3\/repos\/acme\/shop(\/.*)?$/.exec(url.pathname) ?? [];
    if (path === undefined && url.pathname.includes('/repos/')) return missing;
    const route = routes.find((one) => one.method === method && one.path.test(path ?? ''));
    if (route === undefined) return { status: 404, body: { message: `${method} ${url.pathname} is not among what this stand-in has` } };
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const unknown = [...url.searchParams.keys()].filter((name) => !route.query.includes(name));
    const fields = Object.keys(body as object).filter((name) => !(route.body ?? []).includes(name));
    if (unknown.length + fields.length > 0)
      return { status: 422, body: { message: `not in the description: ${[...unknown, ...fields].join(', ')}` } };
    if (route.write === true && !may) return { status: 403, body: { message: 'Resource not accessible by personal access token' } };
    return await route.answer({ url, body, found: route.path.exec(path ?? '')?.slice(1) ?? [] });
  };
}

const logText = `${Array.from({ length: 400 }, (_, line) => `2026-01-02T03:04:05.0000000Z line ${line + 1}`).join('\n')}\n2026-01-02T03:04:05.0000000Z password=made-up-hunter2-secret\n`;
