import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../tools/testing/certificates.ts';
import { createBare, serveGit, textOf } from './forge.ts';
import { answerBy, type Reply, refused } from './gitlab-http.ts';
import { pipelineRoutes } from './gitlab-pipelines.ts';
import { repositoryRoutes } from './gitlab-repository.ts';
import { requestRoutes } from './gitlab-requests.ts';
import type { Project } from './gitlab-state.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string;
}

export interface GitLab {
  readonly url: string;
  readonly certificate: string;
  /** Files. */
  readonly tokens: { readonly read: string; readonly write: string; readonly expired: string };
  readonly project: Project;
  readonly asked: Asked[];
  /** From now on every request is refused for its rate, or because GitLab is down. */
  refusing: 429 | 503 | null;
  /** The next request of that method whose path ends so is done, and its answer never arrives. */
  lose: { readonly method: string; readonly end: string } | null;
  stop(): Promise<void>;
}

/** Scopes of tokens: https://docs.gitlab.com/user/profile/personal_access_tokens/#personal-access-token-scopes */
const scopes: Readonly<Record<string, readonly string[]>> = {
  'made-up-gl-reader': ['read_api', 'read_repository'],
  'made-up-gl-writer': ['api', 'write_repository'],
  'made-up-gl-expired': [],
};

const unauthorized = refused(401, '401 Unauthorized');
const expired: Reply = {
  status: 401,
  body: { error: 'invalid_token', error_description: 'Token is expired. You can either do re-authorization or token refresh.' },
};
const insufficient: Reply = {
  status: 403,
  body: {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api',
  },
};

/**
 * GitLab's REST API v4 as far as operations ask it, over HTTPS with a certificate of its own, and one project in a subgroup by git itself.
 * Parameters are those of @gitbeaker/core 43.8.0, compared by hand; bodies, statuses and messages follow older editions of docs.gitlab.com/api, and
 * were never compared with a GitLab: what these do not have is refused.
 */
export async function startGitLab(files: Readonly<Record<string, string>>): Promise<GitLab> {
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-gitlab-'));
  const { certificate, key } = await selfSigned(folder, 'gitlab');
  const path = 'acme/platform/shop';
  const project: Project = {
    ...{ path, git: await createBare(folder, path, 'GitLab', files), requests: [], pipelines: [], jobs: [], newJobs: [] },
    ...{ approvals: 0, mayMerge: true },
  };
  const tokens = { read: join(folder, 'read'), write: join(folder, 'write'), expired: join(folder, 'expired') };
  await writeFile(tokens.read, 'made-up-gl-reader\n');
  await writeFile(tokens.write, 'made-up-gl-writer\n');
  await writeFile(tokens.expired, 'made-up-gl-expired\n');
  const asked: Asked[] = [];
  const state: Pick<GitLab, 'refusing' | 'lose'> = { refusing: null, lose: null };
  const site = { url: '' };

  async function replyTo(method: string, url: URL, text: string, token: string): Promise<Reply> {
    const own = scopes[token];
    if (own === undefined) return unauthorized;
    if (own.length === 0) return expired;
    if (state.refusing === 429)
      return { status: 429, body: 'Retry later\n', headers: { 'retry-after': '60', 'content-type': 'text/plain' } };
    if (state.refusing === 503)
      return { status: 503, body: '<html>GitLab is not responding</html>', headers: { 'content-type': 'text/html' } };
    if (!own.includes('api') && !(method === 'GET' && own.includes('read_api'))) return insufficient;
    if (url.pathname === '/api/v4/personal_access_tokens/self' && method === 'GET')
      return {
        status: 200,
        body: { id: 1, name: 'watchkeeper', revoked: false, scopes: own, user_id: 7, active: true, expires_at: '2027-01-01' },
      };
    const [, name = '', rest = ''] = /^\/api\/v4\/projects\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    if (decodeURIComponent(name) !== path) return refused(404, '404 Project Not Found');
    const home = `${site.url}/${path}`;
    const routes = [...requestRoutes(project, home), ...pipelineRoutes(project, home), ...repositoryRoutes(project, home)];
    return await answerBy(routes, method, rest, url.searchParams, text);
  }

  /** By git over HTTPS any user will do; the password is a token. */
  async function git(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, basic = ''] = /^Basic (\S+)$/.exec(String(request.headers.authorization ?? '')) ?? [];
    const token = Buffer.from(basic, 'base64').toString().split(':')[1] ?? '';
    asked.push({ method: request.method ?? '', path: url.pathname, token });
    const own = scopes[token] ?? [];
    const writes = `${url.pathname}${url.search}`.includes('git-receive-pack');
    if (own.length === 0)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="GitLab"' }).end('HTTP Basic: Access denied.');
    if (writes && !own.includes('write_repository'))
      return void response.writeHead(403).end('You are not allowed to push code to this project.');
    await serveGit(folder, request, response, url);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://gitlab.example');
    const method = request.method ?? '';
    if (!url.pathname.startsWith('/api/')) return await git(request, response, url);
    const token = String(request.headers['private-token'] ?? '');
    asked.push({ method, path: url.pathname, token });
    const { status, body, headers } = await replyTo(method, url, await textOf(request), token);
    const { lose } = state;
    if (lose !== null && method === lose.method && url.pathname.endsWith(lose.end)) {
      state.lose = null;
      return void request.socket.destroy();
    }
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  }

  const server = createServer({ cert: await readFile(certificate), key: await readFile(key) }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ message: String(error) }));
    });
  });
  // As the web server in front of GitLab: a connection that is used again is not closed at that moment.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    ...{ url: site.url, certificate, tokens, project, asked },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
