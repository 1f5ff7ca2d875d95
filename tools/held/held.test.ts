import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwoSources, tokenIn } from '../credentials.ts';
import { createExecute } from '../execute.ts';
import { createGrowingRedactor } from '../redaction/index.ts';
import { createRun } from '../run.ts';
import { Site } from '../site.ts';
import { holdCredentials } from './hold.ts';
import { VaultLogin } from './settings.ts';
import { sourcesOf } from './sources.ts';

let folder: string;
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'held-test-'));
  undo.push(() => rm(folder, { recursive: true }));
});
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});

async function script(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

function hold(settings: object, variables: Record<string, string> = {}, clock = { now: 0 }) {
  const redactor = createGrowingRedactor([], new Uint8Array(32));
  const held = holdCredentials({
    site: Site.parse({ name: 'shop', ...settings }),
    ...{ variables, redactor, now: () => new Date(clock.now) },
  });
  undo.push(() => held.stop());
  const execute = createExecute({ site: held.site, run: createRun({ log: pino({ level: 'silent' }) }), redactor, now: () => new Date() });
  return { ...held, redactor, execute };
}

const limits = { timeoutMs: 20_000, signal: undefined, credentials: 'read' } as const;
const said = (promise: Promise<unknown>) =>
  promise.then(String, (error: { code: string; message: string }) => `${error.code}: ${error.message}`);

describe('settings', () => {
  it.each<[unknown, boolean]>([
    ['/run/secrets/token', true],
    [{ env: 'ARGOCD_READ' }, true],
    [{ vault: { path: 'secret/data/watchkeeper/argocd', field: 'token' } }, true],
    [{ vault: { path: 'team/kv/data/a.b/c', field: 'read token' } }, true],
    ['', false],
    [{ env: 'lower' }, false],
    [{ env: 'A', vault: { path: 's/data/x', field: 'f' } }, false],
    [{ value: 'made-up' }, false],
    [{ vault: { path: 'secret/watchkeeper', field: 'token' } }, false],
    [{ vault: { path: 'secret/data/../sys/seal', field: 'token' } }, false],
    [{ vault: { path: 'secret/data/./x', field: 'token' } }, false],
    [{ vault: { path: '/secret/data/x', field: 'token' } }, false],
    [{ vault: { path: 'secret/data/x?version=1', field: 'token' } }, false],
    [{ vault: { path: 'secret/data/x%2fy', field: 'token' } }, false],
  ])('a credential in %j: %j', (read, taken) => {
    expect(TwoSources.safeParse({ read, write: '/w' }).success).toBe(taken);
  });

  it.each<[string, boolean]>([
    ['https://vault.example:8200', true],
    ['http://127.0.0.1:8100', true],
    ['http://vault.example:8200', false],
    ['https://user:word@vault.example', false],
    ['https://vault.example/?a=b', false],
    ['ftp://vault.example', false],
  ])('a Vault at %s: %j', (address, taken) => {
    expect(VaultLogin.safeParse({ address, auth: { tokenFile: '/t' } }).success).toBe(taken);
  });

  it('say where every credential is', () => {
    const site = Site.parse({
      ...{ name: 'shop', kubernetes: { context: 'c', kubeconfig: { read: '/r', write: { env: 'KUBE' } } } },
      aws: { account: '123456789012', regions: ['eu-west-1'], credentials: { from: 'files', read: '/a', write: '/b' } },
    });
    expect(sourcesOf(site).map(({ where }) => where)).toEqual([
      ...['kubernetes.kubeconfig.read', 'kubernetes.kubeconfig.write'],
      ...['aws.credentials.read', 'aws.credentials.write'],
    ]);
  });
});

describe('a token in a variable', () => {
  const argocd = { server: 'argocd.example:443', token: { read: { env: 'ARGO_READ' }, write: { env: 'ARGO_WRITE' } } };
  const variables = { ARGO_READ: 'made-up-token-of-reads', ARGO_WRITE: 'made-up-token-of-writes' };

  it('is given to the program of its system, by account, and known to the redactor before', async () => {
    const binaries = { argocd: await script('argocd', 'env'), kubectl: await script('kubectl', 'env') };
    const { execute, redactor } = hold({ argocd, binaries }, variables);
    const shown = await execute({ kind: 'cli', binary: 'argocd', argv: [] }, limits);
    expect(shown.stdout).toContain('ARGOCD_AUTH_TOKEN=made-up-token-of-reads\n');
    expect(shown.stdout).not.toContain('made-up-token-of-writes');
    expect(redactor.text(shown.stdout).text).not.toContain('made-up-token');
    expect((await execute({ kind: 'cli', binary: 'kubectl', argv: [] }, limits)).stdout).not.toContain('made-up-token');
  });

  it.each([
    [{}, 'ARGO_READ is not set where the runner runs'],
    [{ ARGO_READ: ' \n' }, 'ARGO_READ is not set'],
    [{ ARGO_READ: 'two\nlines' }, 'has several lines'],
  ])('that is %j keeps the program from starting, and says why', async (given, words) => {
    const { execute } = hold({ argocd, binaries: { argocd: await script('argocd', 'echo started') } }, given);
    expect(await execute({ kind: 'cli', binary: 'argocd', argv: [] }, limits)).toMatchObject({
      ...{ stdout: '', failure: { code: 'context_unknown', message: expect.stringMatching(words) } },
    });
  });

  it('is nothing that a process without it could read', async () => {
    const site = Site.parse({ name: 'shop', argocd });
    const own = site.argocd?.transport === 'core' ? undefined : site.argocd?.token;
    expect(await said(tokenIn(own as TwoSources, 'read', 'argocd.token'))).toContain('can be read by its runner only');
  });
});

describe('a kubeconfig in a variable', () => {
  const kubernetes = { context: 'c', kubeconfig: { read: { env: 'KUBE_READ' }, write: { env: 'KUBE_WRITE' } } };
  const kubeconfig = (user: string) => `users:\n- name: a\n  user: ${user}\n`;
  const show = { kind: 'cli', binary: 'kubectl', argv: [] } as const;

  it('is a private file of the runner, written anew when it changes, and gone when the runner stops', async () => {
    const variables = { KUBE_READ: kubeconfig('{ token: made-up-token-one }') };
    const binaries = {
      kubectl: await script('kubectl', 'echo "$KUBECONFIG"; /usr/bin/stat -c %a "$KUBECONFIG"; /usr/bin/cat "$KUBECONFIG"'),
    };
    const { execute, redactor, stop } = hold({ kubernetes, binaries }, variables);
    const [path = '', mode, ...text] = (await execute(show, limits)).stdout.split('\n');
    expect([mode, text.join('\n')]).toEqual(['600', variables.KUBE_READ]);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(redactor.text(text.join('\n')).text).not.toContain('made-up-token-one');
    expect((await execute(show, limits)).stdout.split('\n')[0]).toBe(path);
    for (const word of ['two', 'three']) {
      variables.KUBE_READ = kubeconfig(`{ token: made-up-token-${word} }`);
      expect((await execute(show, limits)).stdout).toContain(`made-up-token-${word}`);
    }
    expect(await readdir(dirname(path))).toHaveLength(2);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await stop();
    await expect(stat(dirname(path))).rejects.toThrow('ENOENT');
  });

  it('names no credential plugin either', async () => {
    const binaries = { kubectl: await script('kubectl', 'echo started') };
    const { execute } = hold({ kubernetes, binaries }, { KUBE_READ: kubeconfig('{ exec: { command: /bin/sh } }') });
    expect(await execute(show, limits)).toMatchObject({ stdout: '', failure: { message: 'kubeconfig names a credential plugin' } });
  });
});

/** What a real Vault does is proved with one (tests/real/vault.test.ts); this is what one would do only when it is broken, or not itself. */
describe('a Vault that', () => {
  const entry = (fields: object, lease = 0) => JSON.stringify({ lease_duration: lease, data: { data: fields, metadata: { version: 1 } } });

  async function vaultThat(answer: RequestListener, clock = { now: 0 }) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['x-vault-token'] ?? '-'}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as { port: number };
    const tokenFile = join(folder, 'jwt');
    await writeFile(tokenFile, 'made-up-identity');
    const tempo = { url: 'http://tempo.example', token: { read: inVault('read'), write: inVault('absent') } };
    const credentials = { vault: { address: `http://127.0.0.1:${port}`, auth: { jwt: { role: 'runner', tokenFile } } } };
    const { site, stop } = hold({ tempo, credentials }, {}, clock);
    const ask = (account: 'read' | 'write') => said(tokenIn(site.tempo?.token as TwoSources, account, 'tempo.token'));
    return { ask, asked, stop, tokenFile };
  }

  const inVault = (field: string) => ({ vault: { path: 'secret/data/tempo', field } });
  const login = JSON.stringify({ auth: { client_token: 'made-up-session', lease_duration: 60 } });
  const logsIn: (rest: RequestListener) => RequestListener = (rest) => (request, response) =>
    request.method === 'POST' ? response.end(login) : rest(request, response);

  it.each<[string, RequestListener, string]>([
    ['leads elsewhere', (_, r) => r.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), 'unreachable: .*redirect'],
    ['never ends', (_, r) => void r.write('x'.repeat(2 ** 21)), 'context_unknown: .*is no entry'],
    ['says nothing', (_, r) => void r.destroy(), 'unreachable: .*does not answer'],
    ['is asked too often', (_, r) => r.writeHead(429).end(), 'throttled: '],
    ['is broken', (_, r) => r.writeHead(500).end('{"errors":["1 error\\n\\tof storage"]}'), 'unreachable: .*1 error of storage'],
    ['is no Vault', (_, r) => r.end('<html>'), 'context_unknown: .*is no entry of a KV engine of version 2'],
    ['has numbers', (_, r) => r.end(entry({ read: 7 })), 'context_unknown: .*no text in the field read'],
    ['refuses', (_, r) => r.writeHead(403).end(), 'forbidden: .*path "secret/data/tempo" { capabilities'],
  ])('%s is named', async (_, answer, words) => {
    const { ask } = await vaultThat(logsIn(answer));
    expect(await ask('read')).toMatch(new RegExp(words));
  });

  it('answers is asked once a minute at most, sooner where a lease says so, and never by a token whose time is over', async () => {
    const clock = { now: 0 };
    let lease = 0;
    const vault = await vaultThat(
      logsIn((_, r) => r.end(entry({ read: `made-up-${clock.now}` }, lease))),
      clock,
    );
    const at = async (seconds: number) => {
      clock.now = seconds * 1000;
      return await vault.ask('read');
    };
    expect([await at(0), await at(59), await at(60)]).toEqual(['made-up-0', 'made-up-0', 'made-up-60000']);
    expect(await vault.ask('write')).toContain('no text in the field absent');
    const [logIn, read] = ['POST /v1/auth/jwt/login -', 'GET /v1/secret/data/tempo made-up-session'];
    expect(vault.asked).toEqual([logIn, read, logIn, read]);
    lease = 5;
    expect([await at(130), await at(134), await at(135)]).toEqual(['made-up-130000', 'made-up-130000', 'made-up-135000']);
    await vault.stop();
    expect(vault.asked.at(-1)).toBe('POST /v1/auth/token/revoke-self made-up-session');
  });

  it('does not let anybody in for a while is asked with the token that still holds, until that ends', async () => {
    const clock = { now: 0 };
    let open = true;
    const { ask, asked } = await vaultThat((request, response) => {
      if (request.method !== 'POST') response.end(entry({ read: `made-up-${clock.now}` }));
      else response.writeHead(open ? 200 : 503).end(open ? login : '{"errors":["Vault is sealed"]}');
    }, clock);
    expect(await ask('read')).toBe('made-up-0');
    open = false;
    clock.now = 59_999;
    expect(await ask('read')).toBe('made-up-0');
    clock.now = 60_000;
    expect(await ask('read')).toMatch(/^unreachable: tempo\.token\.read of the site: Vault at .* cannot answer: it is sealed: unseal it/);
    expect(asked).toHaveLength(3);
  });

  it('is still answering the login of a runner that is stopped hears that its token is given back, and of no other login', async () => {
    const waiting: (() => void)[] = [];
    const heard = Promise.withResolvers<void>();
    const { ask, asked, stop } = await vaultThat((request, response) => {
      if (!request.url?.endsWith('/login')) return void response.writeHead(403).end();
      waiting.push(() => response.end(login));
      heard.resolve();
    });
    const answer = ask('read');
    await heard.promise;
    const stopping = stop();
    for (const one of waiting) one();
    await stopping;
    expect(asked).toContain('POST /v1/auth/token/revoke-self made-up-session');
    await answer;
    expect(await ask('read')).toContain('is being stopped');
    expect(asked.filter((line) => line.includes('/login'))).toHaveLength(1);
  });

  it('refuses one entry for an hour is asked for it with the token that holds, which is replaced ever less often', async () => {
    const clock = { now: 0 };
    let [allowed, made] = [false, 0];
    const { ask, asked } = await vaultThat((request, response) => {
      if (request.url?.endsWith('/login')) {
        made += 1;
        return void response.end(JSON.stringify({ auth: { client_token: `made-up-session-${made}`, lease_duration: 86_400 } }));
      }
      if (request.method === 'POST') return void response.writeHead(204).end();
      response.writeHead(allowed ? 200 : 403).end(allowed ? entry({ read: 'made-up-value' }) : '');
    }, clock);
    for (; clock.now < 3_600_000; clock.now += 6_000) expect(await ask('read')).toMatch(/^forbidden/);
    // 6 s after the first, then 10, 20, 40 … 300 s after the last.
    expect(made).toBeGreaterThan(5);
    expect(made).toBeLessThan(20);
    expect(asked.filter((line) => line.includes('revoke-self'))).toHaveLength(made - 1);
    allowed = true;
    expect(await ask('read')).toBe('made-up-value');
    // A token that ended later is replaced at once, as if nothing had been refused.
    allowed = false;
    clock.now += 61_000;
    const before = made;
    await ask('read');
    expect(made).toBe(before + 1);
  });

  it('has a runner whose own identity cannot be read is not asked; one that has is asked once for many', async () => {
    const { ask, asked, tokenFile } = await vaultThat(logsIn((_, r) => r.end(entry({ read: 'made-up' }))));
    await rm(tokenFile);
    expect(await ask('read')).toContain('correct credentials.vault.auth.jwt.tokenFile');
    expect(asked).toEqual([]);
    await writeFile(tokenFile, 'made-up-identity\n');
    expect(await Promise.all([ask('read'), ask('read'), ask('read')])).toEqual(['made-up', 'made-up', 'made-up']);
    expect(asked).toHaveLength(2);
    expect(await readFile(tokenFile, 'utf8')).toBe('made-up-identity\n');
  });
});
