import { execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What stand-ins of forges share: real repositories, and git's own program that serves them over HTTP. */
export type Git = (argv: readonly string[], stdin?: string) => Promise<string>;

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function gitOf(directory: string, name: string): Git {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: '/nonexistent' };
  const email = `noreply@${name.toLowerCase()}.example`;
  const who = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  return async (argv, stdin) => {
    const child = run('git', ['--git-dir', directory, ...argv], { env: { ...env, ...who } });
    // git may be done before it has read anything.
    child.child.stdin?.on('error', () => undefined).end(stdin ?? '');
    return (await child).stdout.trim();
  };
}

/** A bare repository at `path` whose `main` has these files. */
export async function createBare(root: string, path: string, forge: string, files: Readonly<Record<string, string>>): Promise<Git> {
  const directory = join(root, `${path}.git`);
  await mkdir(directory, { recursive: true });
  const git = gitOf(directory, forge);
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
  return git;
}

/** Merges one branch into another; a squash makes one commit of one parent. */
export async function mergeBranches(
  git: Git,
  branches: { readonly base: string; readonly head: string },
  message: string,
  squash: boolean,
): Promise<string> {
  const [base, head] = await Promise.all([
    git(['rev-parse', `refs/heads/${branches.base}`]),
    git(['rev-parse', `refs/heads/${branches.head}`]),
  ]);
  const tree = await git(['merge-tree', '--write-tree', base, head]);
  const parents = squash ? ['-p', base] : ['-p', base, '-p', head];
  const commit = await git(['commit-tree', tree, ...parents, '-m', message]);
  await git(['update-ref', `refs/heads/${branches.base}`, commit, base]);
  return commit;
}

/** The smart HTTP protocol, by git's own program. */
export async function serveGit(root: string, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
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
