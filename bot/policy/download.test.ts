import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resolve } from './addresses.ts';
import { type DownloadOptions, download } from './download.ts';
import { type BundleServer, serving, startBundleServer } from './testing-server.ts';

let server: BundleServer;
let other: BundleServer;
beforeAll(async () => {
  [server, other] = await Promise.all([startBundleServer(), startBundleServer()]);
});
beforeEach(() => {
  server.seen.length = 0;
  other.seen.length = 0;
  other.answer = serving(Buffer.from('of the other'));
});
afterAll(() => Promise.all([server.leave(), other.leave()]));

const options: DownloadOptions = { token: null, networks: [], timeoutMs: 5_000, largest: 1_024 * 1_024 };
const get = (change: Partial<DownloadOptions> = {}, etag: string | null = null, url = server.url) =>
  download(new URL(url), etag, { ...options, ...change });

test('a body comes with its ETag, and again only when it changed', async () => {
  server.answer = serving(Buffer.from('one'), '"a"');
  expect(await get()).toEqual({ kind: 'body', body: Buffer.from('one'), etag: '"a"' });
  expect(await get({}, '"a"')).toEqual({ kind: 'unchanged' });
  server.answer = serving(Buffer.from('two'), '"b"');
  expect(await get({}, '"a"')).toEqual({ kind: 'body', body: Buffer.from('two'), etag: '"b"' });
  expect(server.seen.map(({ ifNoneMatch }) => ifNoneMatch)).toEqual([undefined, '"a"', '"a"']);
});

test('the token is sent where there is one', async () => {
  server.answer = serving(Buffer.from('one'));
  await get();
  await get({ token: 'made-up-token' });
  expect(server.seen.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer made-up-token']);
});

describe('redirects', () => {
  const to = (location: string) => {
    server.answer = (request, response) => {
      if (request.url === '/moved') return serving(Buffer.from('moved'))(request, response);
      return void response.writeHead(302, { location }).end();
    };
  };

  test('within the origin are followed', async () => {
    to('/moved');
    expect(await get()).toMatchObject({ body: Buffer.from('moved') });
  });

  test('to another origin are refused, and nothing is asked of it', async () => {
    to(other.url);
    await expect(get({ token: 'made-up-token' })).rejects.toThrow(
      `${server.url} redirects to ${new URL(other.url).origin}: name that in policy.bundle, if it is right`,
    );
    expect(other.seen).toEqual([]);
  });

  test.each(['http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', '//evil.example/x', 'https://127.0.0.1/x'])(
    'to %s are refused',
    async (location) => {
      to(location);
      await expect(get()).rejects.toThrow(/redirects to/);
    },
  );

  test('in a circle, or to nowhere, end', async () => {
    to('/again');
    await expect(get()).rejects.toThrow('redirects more than 3 times');
    to('http://[');
    await expect(get()).rejects.toThrow('redirects to nowhere');
  });
});

describe('what goes wrong is said in words', () => {
  test.each([
    [401, /answers 401: POLICY_BUNDLE_TOKEN is missing, or not accepted there$/],
    [403, /answers 403: POLICY_BUNDLE_TOKEN/],
    [404, /answers 404$/],
    [500, /answers 500$/],
    // Nothing was named that could be unchanged.
    [304, /answers 304$/],
  ])('status %i', async (status, words) => {
    server.answer = (_request, response) => void response.writeHead(status).end();
    await expect(get()).rejects.toMatchObject({ code: 'policy_bundle_refused', message: expect.stringMatching(words) });
  });

  test('more than the limit, announced or not', async () => {
    server.answer = (_request, response) => {
      response.writeHead(200);
      const more = () => void (response.writable && response.write(Buffer.alloc(64 * 1_024), more));
      more();
    };
    await expect(get()).rejects.toThrow('sends more than 1 MiB');
  });

  test('a server that does not answer, or stops in the middle', async () => {
    server.answer = () => {};
    await expect(get({ timeoutMs: 100 })).rejects.toThrow('did not answer within 0.1 s');
    server.answer = (_request, response) => void response.writeHead(200).write('half');
    await expect(get({ timeoutMs: 100 })).rejects.toThrow('did not answer within 0.1 s');
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    };
    await expect(get()).rejects.toThrow(/cannot be reached \(ECONNRESET\)$/);
  });

  test('nobody there, and a name that nobody has', async () => {
    await expect(get({}, null, 'http://127.0.0.1:1/policy.tar.gz')).rejects.toThrow(
      'http://127.0.0.1:1/policy.tar.gz cannot be reached (ECONNREFUSED)',
    );
    const nobody: Resolve = (_host, done) => done(Object.assign(new Error('made up'), { code: 'ENOTFOUND' }), []);
    await expect(get({ resolve: nobody }, null, 'https://bundles.example/x')).rejects.toThrow('cannot be reached (ENOTFOUND)');
  });

  test('no word holds what could be secret', async () => {
    server.answer = (_request, response) => void response.writeHead(404).end();
    const failed = await get({ token: 'made-up-token' }, null, `${server.url}?sig=made-up-signature`).catch((error: Error) => error);
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed))).not.toMatch(/made-up/);
  });
});

describe('where a name leads', () => {
  const leadsTo =
    (...addresses: string[]): Resolve =>
    (_host, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  const named = () => `https://bundles.example:${new URL(other.url).port}/policy.tar.gz`;

  test('is looked at before anything is asked: one private address among public ones is enough', async () => {
    await expect(get({ resolve: leadsTo('93.184.216.34', '127.0.0.1') }, null, named())).rejects.toThrow(
      'bundles.example leads to 127.0.0.1, which is not public',
    );
    expect(other.seen).toEqual([]);
  });

  test('may be a network that the configuration lists: then it is connected to', async () => {
    // No TLS is spoken there, which shows that the connection was made.
    const asked = get({ resolve: leadsTo('127.0.0.1'), networks: ['127.0.0.0/8'] }, null, named());
    await expect(asked).rejects.toThrow(/cannot be reached \((ERR_SSL_\w+|EPROTO)\)/);
  });

  test('is never where machines find their credentials', async () => {
    for (const url of ['https://169.254.169.254/x', 'https://[fe80::1]/x'])
      await expect(get({ networks: ['0.0.0.0/0', '::/0'] }, null, url)).rejects.toThrow('is no address that may be asked');
  });
});
