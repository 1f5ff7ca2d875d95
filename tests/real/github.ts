import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../tools/testing/certificates.ts';
import { createBare, type Git, serveGit, textOf } from './forge.ts';
import { createGraphql } from './github-graphql.ts';
import { createRest } from './github-rest.ts';

/** The published schema of GitHub's GraphQL API. */
const schemaFile = join(import.meta.dirname, '../../node_modules/@octokit/graphql-schema/schema.graphql');

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
  /** The next mutation of that name is done, and its answer never arrives. */
  lose: string | null;
  stop(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** A file of `main` as somebody commits it; resolves to the commit. */
export async function commitFile({ git }: Repository, path: string, text: string): Promise<string> {
  const who = 'committer Ann <ann@acme.example> 1767312245 +0000';
  const lines = [`commit refs/heads/main\n${who}\n`, data(`Change ${path}`), 'from refs/heads/main^0\n', `M 100644 inline ${path}\n`];
  await git(['fast-import', '--quiet'], `${lines.join('')}${data(text)}\n`);
  return await git(['rev-parse', 'refs/heads/main']);
}

/** A bare repository whose `main` has these files. */
async function createRepository(root: string, files: Readonly<Record<string, string>>): Promise<Repository> {
  const git = await createBare(root, 'acme/shop', 'GitHub', files);
  const runs = [{ id: 9001, startedAt: '2026-01-02T03:04:05Z', status: 'completed', conclusion: 'failure' }];
  return { owner: 'acme', name: 'shop', git, pulls: [], runs, newChecks: [] };
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
  const state: Pick<GitHub, 'limited' | 'lose'> = { limited: false, lose: null };
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
    if (state.lose !== null && url.pathname === '/api/graphql' && text.includes(`${state.lose}(`)) {
      state.lose = null;
      return void request.socket.destroy();
    }
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
  return Object.assign(state, {
    ...{ host, certificate, tokens, repository, asked },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
