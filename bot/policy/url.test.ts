import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PolicyInput } from '../../policy/contract.ts';
import { bundleHash } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { findBinaries } from '../../tools/binaries.ts';
import { selfSigned } from '../../tools/testing/certificates.ts';
import { createLivePolicy, type LivePolicy } from './live.ts';
import { safetyTable } from './safety.ts';
import { bundleWithNote } from './testing.ts';
import { archiveOf, type BundleServer, serving, startBundleServer } from './testing-server.ts';
import { allowance, craftedPolicy } from './testing-wasm.ts';
import { type UrlPlace, urlSource } from './url.ts';

const committed = await loadCommittedPolicy();
const plan = safetyTable.find(({ name }) => name === 'high needs two others')?.input as PolicyInput;
const [one, two] = [bundleWithNote('one'), bundleWithNote('two')];
const lax = craftedPolicy({ rules: [{ does: allowance }] });

let directory: string;
let server: BundleServer;
let live: LivePolicy | undefined;
let logged: string[];
let refused: number;
let decided: string[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'policy-url-'));
  server = await startBundleServer();
  [logged, refused, decided] = [[], 0, []];
});
afterEach(async () => {
  await live?.stop();
  live = undefined;
  await server.leave();
  rmSync(directory, { recursive: true });
});

const copyFile = () => join(directory, 'policy-bundle.json');

async function start(change: Partial<UrlPlace> = {}): Promise<LivePolicy> {
  const source = urlSource({ url: server.url, token: null, networks: [], copyFile: copyFile(), pollMs: 20, timeoutMs: 2_000, ...change });
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const refusedAgain = () => {
    refused += 1;
  };
  const events = { decides: (bundle: string) => void decided.push(bundle), refused: refusedAgain };
  live = await createLivePolicy({ source, committed, log, events });
  return live;
}

function put(answer: BundleServer['answer']): void {
  server.answer = answer;
}

/** As after a restart. */
async function restart(): Promise<LivePolicy> {
  await live?.stop();
  return start();
}

const within = { timeout: 20_000, interval: 10 };

/** Until it has asked so often again. */
async function looks(count: number): Promise<void> {
  const before = server.seen.length;
  await vi.waitFor(() => expect(server.seen.length).toBeGreaterThanOrEqual(before + count), within);
}

test('the bundle at the URL decides, is asked for by its ETag, and is replaced when it changes', async () => {
  server.answer = serving(archiveOf(one), '"one"');
  const policy = await start({ token: 'made-up-token' });
  expect(policy.status()).toMatchObject({ bundle: bundleHash(one), source: server.url, keptAt: null, lastError: null });
  expect(policy.decide(plan)).toMatchObject({ verdict: 'needs_approval', approvals: { needed: 2 } });
  await looks(2);
  expect(server.seen.at(-1)).toMatchObject({ authorization: 'Bearer made-up-token', ifNoneMatch: '"one"' });
  server.answer = serving(archiveOf(two), '"two"');
  await vi.waitFor(() => expect(policy.bundle).toBe(bundleHash(two)), within);
  expect(decided).toEqual([bundleHash(one), bundleHash(two)]);
  expect(refused).toBe(0);
  expect(logged.join()).not.toContain('made-up-token');
});

describe('the running bundle stays, the reason is told once and shown, and counted at every look', () => {
  test.each([
    ['while nobody is there', () => server.leave(), /cannot be reached \(ECONNREFUSED\)$/],
    ['while the server is ill', () => put((_request, response) => void response.writeHead(503).end()), /answers 503$/],
    ['while something else is there', () => put(serving(Buffer.from('<html>'), '"x"')), /is no archive as opa build/],
    ['while a laxer policy is there', () => put(serving(archiveOf(lax), '"lax"')), /breaks what every policy has to keep/],
  ])('%s', async (_, change, reason) => {
    server.answer = serving(archiveOf(one));
    const policy = await start();
    await change();
    await vi.waitFor(() => expect(policy.status().lastError?.reason).toMatch(reason), within);
    await vi.waitFor(() => expect(refused).toBeGreaterThan(3), within);
    expect(policy.bundle).toBe(bundleHash(one));
    expect(policy.decide(plan).verdict).toBe('needs_approval');
    expect(logged.filter((line) => line.includes('was refused'))).toHaveLength(1);
    await server.leave();
    await server.comeBack();
    server.answer = serving(archiveOf(one));
    await vi.waitFor(() => expect(policy.status().lastError).toBeNull(), within);
  });
});

test('a refused bundle is checked once, also when the server is away in between', async () => {
  server.answer = serving(archiveOf(one), '"one"');
  const policy = await start();
  server.answer = serving(archiveOf(lax), '"lax"');
  await vi.waitFor(() => expect(policy.status().lastError?.reason).toContain('breaks what'), within);
  await server.leave();
  await vi.waitFor(() => expect(policy.status().lastError?.reason).toContain('ECONNREFUSED'), within);
  await server.comeBack();
  await vi.waitFor(() => expect(policy.status().lastError?.reason).toContain('breaks what'), within);
  expect(server.seen.at(-1)?.ifNoneMatch).toBe('"lax"');
  expect(logged.filter((line) => line.includes('breaks what'))).toHaveLength(1);
});

describe('at the start', () => {
  test.each([
    ['nobody there', () => server.leave(), 'ECONNREFUSED'],
    ['a bundle that is refused', () => put(serving(archiveOf(lax))), 'breaks what every policy has to keep'],
  ])('with %s, the last good copy decides, and says so', async (_, change, reason) => {
    server.answer = serving(archiveOf(one));
    await start();
    await live?.stop();
    await change();
    const policy = await restart();
    expect(policy.bundle).toBe(bundleHash(one));
    expect(policy.decide(plan).verdict).toBe('needs_approval');
    expect(policy.status()).toMatchObject({ keptAt: expect.stringMatching(/Z$/), lastError: { reason: expect.stringContaining(reason) } });
    expect(refused).toBeGreaterThan(0);
    expect(logged.join()).toContain('the last good copy of the policy bundle decides');
    await server.leave();
    await server.comeBack();
    server.answer = serving(archiveOf(two), '"two"');
    await vi.waitFor(() => expect(policy.status()).toMatchObject({ bundle: bundleHash(two), keptAt: null, lastError: null }), within);
  });

  test('without a copy it stops, in words: nothing laxer stands in', async () => {
    await server.leave();
    const words = `the policy in ${server.url} may not decide: ${server.url} cannot be reached (ECONNREFUSED); and no copy of an earlier bundle is kept in ${copyFile()}`;
    await expect(start()).rejects.toMatchObject({ code: 'policy_bundle_refused', message: words });
  });

  test('a copy that was changed to a laxer one, its hash too, is checked as any other', async () => {
    server.answer = serving(archiveOf(one));
    await start();
    await live?.stop();
    await server.leave();
    const [wasm, data] = [lax.wasm, lax.data].map((part) => Buffer.from(part).toString('base64'));
    const copy = { ...JSON.parse(readFileSync(copyFile(), 'utf8')), wasm, data, bundle: bundleHash(lax) };
    writeFileSync(copyFile(), JSON.stringify(copy));
    await expect(restart()).rejects.toThrow(/ECONNREFUSED.+; nor may its copy of .+: it breaks what every policy has to keep/);
  });

  test('a copy that cannot be written is told of, and the bundle decides', async () => {
    writeFileSync(join(directory, 'file'), '');
    server.answer = serving(archiveOf(one));
    expect((await start({ copyFile: join(directory, 'file', 'policy-bundle.json') })).bundle).toBe(bundleHash(one));
    expect(logged.join()).toContain('cannot be kept');
  });
});

const { openssl } = await findBinaries(['openssl'], process.env['PATH'] ?? '');
test.runIf(openssl !== undefined)('over TLS, from a server that is trusted, and from no other', async () => {
  const { key, certificate } = await selfSigned(directory, 'bundles');
  const secure = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, serving(archiveOf(one)));
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/policy.tar.gz`;
  const trusted = tls.getCACertificates('default');
  try {
    await expect(start({ url })).rejects.toThrow(/cannot be reached \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    tls.setDefaultCACertificates([...trusted, readFileSync(certificate, 'utf8')]);
    expect((await start({ url })).bundle).toBe(bundleHash(one));
  } finally {
    tls.setDefaultCACertificates(trusted);
    await live?.stop();
    secure.close();
    secure.closeAllConnections();
  }
});
