import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { selfSigned } from './certificates.ts';
import { createGraphql } from './github-graphql.ts';
import { createRest } from './github-rest.ts';

const run = promisify(execFile);

/** The published schema of GitHub's GraphQL API. */
const schemaFile = join(import.meta.dirname, '../../node_modules/@octokit/graphql-schema/schema.graphql');

export type Git = (argv: readonly string[], stdin?: string) => Promise<string>;

export interface Pull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly head: string;
  readonly createdAt: string;
  readonly fork: boolean;
  state: 'OPEN' | 'CLOSED' | 'MERGED';
  mergeCommit: string | null;
  autoMerge: boolean;
  checks: { name: string; status: string; conclusion: string | null }[];
}

export interface WorkflowRun {
  readonly id: number;
  startedAt: string;
  status: string;
  conclusion: string | null;
}

/** One repository with what the stand-in knows of it beside its Git. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  readonly git: Git;
  readonly pulls: Pull[];
  readonly runs: WorkflowRun[];
  /** Checks of pull requests that are opened from now on. */
  newChecks: Pull['checks'];
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string;
}

export interface GitHub {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly certificate: string;
  readonly tokens: { readonly read: string; readonly write: string };
  readonly repository: Repository;
  readonly asked: Asked[];
  /** From now on every request is refused for its rate. */
  limited: boolean;
  stop(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function gitOf(directory: string): Git {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: '/nonexistent' };
  const who = { GIT_AUTHOR_NAME: 'GitHub', GIT_AUTHOR_EMAIL: 'noreply@github.example', GIT_COMMITTER_NAME: 'GitHub' };
  return async (argv, stdin) => {
    const child = run('git', ['--git-dir', directory, ...argv], { env: { ...env, ...who, GIT_COMMITTER_EMAIL: 'noreply@github.example' } });
    // git may be done before it has read anything.
    child.child.stdin?.on('error', () => undefined).end(stdin ?? '');
    return (await child).stdout.trim();
  };
}

/** A bare repository whose `main` has these files. */
async function createRepository(root: string, files: Readonly<Record<string, string>>): Promise<Repository> {
  const directory = join(root, 'acme/shop.git');
  await mkdir(directory, { recursive: true });
  const git = gitOf(directory);
  await git(['init', '--quiet', '--bare', '--initial-branch=main']);
  await git(['config', 'http.receivepack', 'true']);
  await git(['config', 'uploadpack.allowFilter', 'true']);
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const mode = (text: string) => (text.startsWith('-> ') ? '120000' : '100644');
  const content = (text: string) => data(text.replace(/^-> /, ''));
  const all = Object.entries(files).map(([path, text]) => `M ${mode(text)} inline ${path}\n${content(text)}`);
  await git(
    ['fast-import', '--quiet'],
    `commit refs/heads/main\ncommitter Ann <ann@acme.example> 1767312245 +0000\n${data('Begin')}${all.join('')}\n`,
  );
  const runs = [{ id: 9001, startedAt: '2026-01-02T03:04:05Z', status: 'completed', conclusion: 'failure' }];
  return { owner: 'acme', name: 'shop', git, pulls: [], runs, newChecks: [] };
}

/** The smart HTTP protocol, by git's own program. */
async function serveGit(root: string, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const header = (name: string) => String(request.headers[name] ?? '');
  const env = {
    ...{ PATH: process.env['PATH'], GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: url.pathname, REMOTE_USER: 'watchkeeper' },
    ...{ QUERY_STRING: url.search.slice(1), REQUEST_METHOD: request.method, CONTENT_TYPE: header('content-type') },
    ...{ GIT_PROTOCOL: header('git-protocol'), HTTP_CONTENT_ENCODING: header('content-encoding'), REMOTE_ADDR: '127.0.0.1' },
    ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
  };
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf('\r\n\r\n');
  const headers = whole.subarray(0, end).toString('latin1').split('\r\n');
  for (const line of headers) {
    const [name = '', ...value] = line.split(': ');
    if (name === 'Status') response.statusCode = Number.parseInt(value.join(': '), 10);
    else response.setHeader(name, value.join(': '));
  }
  response.end(whole.subarray(end + 4));
}

const messages: Readonly<Record<number, string>> = { 401: 'Bad credentials', 404: 'Not Found' };

/**
 * GitHub's API as far as operations ask it, over HTTPS with a certificate of its own, and its repositories by git itself. GraphQL is
 * validated and answered by the published schema; REST refuses what the published description (version 2022-11-28) does not have.
 */
export async function startGitHub(files: Readonly<Record<string, string>>): Promise<GitHub> {
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-github-'));
  const { certificate, key } = await selfSigned(folder, 'github');
  const repository = await createRepository(folder, files);
  const tokens = { read: join(folder, 'read'), write: join(folder, 'write') };
  const known: Readonly<Record<string, 'read' | 'write'>> = { 'made-up-reader': 'read', 'made-up-writer': 'write' };
  await writeFile(tokens.read, 'made-up-reader\n');
  await writeFile(tokens.write, 'made-up-writer\n');
  const state = { limited: false };
  const asked: Asked[] = [];
  const site = { url: '' };
  const graphql = createGraphql(await readFile(schemaFile, 'utf8'), repository, site);
  const rest = createRest(repository, site);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://github.example');
    const [, bearer, basic] = /^(?:(?:token|Bearer) (\S+)|Basic (\S+))$/.exec(String(request.headers.authorization ?? '')) ?? [];
    const token = bearer ?? (basic === undefined ? '' : (Buffer.from(basic, 'base64').toString().split(':')[1] ?? ''));
    const may = known[token];
    asked.push({ method: request.method ?? '', path: url.pathname, token });
    if (url.pathname.startsWith('/acme/')) {
      const writes = `${url.pathname}${url.search}`.includes('git-receive-pack');
      if (may === undefined) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
      if (writes && may !== 'write') return void response.writeHead(403).end();
      return await serveGit(folder, request, response, url);
    }
    const text = await textOf(request);
    const reply = await replyTo(url, request.method ?? '', text, may);
    const limit = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': state.limited ? '0' : '4999', 'x-ratelimit-reset': '1767312245' };
    response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', ...limit, ...reply.headers });
    response.end(Buffer.isBuffer(reply.body) ? reply.body : JSON.stringify(reply.body ?? messages[reply.status] ?? {}));
  }

  async function replyTo(url: URL, method: string, text: string, may: 'read' | 'write' | undefined): Promise<Reply> {
    if (may === undefined && url.pathname !== '/archive') return { status: 401, body: { message: messages[401] } };
    if (state.limited)
      return { status: 403, body: { message: 'API rate limit exceeded for user ID 1.' }, headers: { 'retry-after': '60' } };
    if (url.pathname === '/api/graphql')
      return method === 'POST' ? await graphql(text, may === 'write') : { status: 404, body: { message: 'Not Found' } };
    return await rest(method, url, text, may === 'write');
  }

  const server = createServer({ cert: await readFile(certificate), key: await readFile(key) }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  site.url = `https://${host}`;
  return {
    host,
    certificate,
    tokens,
    repository,
    asked,
    set limited(limited: boolean) {
      state.limited = limited;
    },
    get limited() {
      return state.limited;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
