import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalLlm, startLlm } from '../../sandbox/llm/server.ts';
import type { Scripted } from '../../sandbox/llm/types.ts';
import { createCodexTokens } from '../codex/tokens.ts';
import type { LlmProvider } from '../settings.ts';
import { codex } from './codex.ts';
import { createProviders } from './index.ts';
import { nothingUsed, type Provider, type ProviderRequest } from './provider.ts';

// Keys and tokens of this file are made up.
const apiKey = 'sk-made-up-key';
let next: Scripted = { kind: 'text', text: '{}' };
let llm: LocalLlm;
let directory: string;

const jwt = (expiresInSeconds: number) =>
  new UnsecuredJWT({ 'https://api.openai.com/auth': { chatgpt_account_id: 'acct-1' } })
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInSeconds)
    .encode();
const accessToken = jwt(3_600);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-llm-'));
  llm = await startLlm({ script: () => next, apiKey, tokens: [accessToken], models: ['m-1'] });
});

afterAll(async () => {
  await llm.close();
  rmSync(directory, { recursive: true });
});

function request(over: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: 'm-1',
    system: 'You are careful.',
    user: 'What is wrong?',
    tools: [{ name: 'look', description: 'Look.', schema: { type: 'object', properties: { at: { type: 'string' } } } }],
    answer: {
      name: 'answer',
      schema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false },
    },
    maxOutputTokens: 500,
    cacheKey: 'k',
    signal: AbortSignal.timeout(5_000),
    onText: () => {},
    ...over,
  };
}

function authFile(token: string): string {
  const path = join(directory, `auth-${Math.random()}.json`);
  writeFileSync(
    path,
    JSON.stringify({ kept: 1, tokens: { access_token: token, refresh_token: 'r-1' }, last_refresh: new Date().toISOString() }),
  );
  return path;
}

function providerOf(kind: string): Provider {
  const keyFile = join(directory, 'key');
  writeFileSync(keyFile, `${apiKey}\n`);
  const providers: readonly LlmProvider[] = [
    { kind: 'openai', name: 'openai' },
    { kind: 'anthropic', name: 'anthropic' },
    { kind: 'openai-codex', name: 'codex' },
    { kind: 'compatible', name: 'chat', api: 'chat', baseUrl: `${llm.url}/v1`, apiKeyFile: keyFile },
  ];
  const env = {
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: `${llm.url}/v1`,
    ANTHROPIC_API_KEY: apiKey,
    ANTHROPIC_BASE_URL: llm.url,
    CODEX_AUTH_FILE: authFile(accessToken),
    CODEX_BASE_URL: `${llm.url}/backend-api/codex`,
  };
  const made = createProviders({ env, providers, learn: () => {} }).get(kind);
  if (made === undefined) throw new Error(`no provider ${kind}`);
  return made;
}

describe.each(['openai', 'anthropic', 'codex', 'chat'])('%s, by its official SDK', (kind) => {
  const ask = (scripted: Scripted, over?: Partial<ProviderRequest>) => {
    next = scripted;
    return providerOf(kind).ask(request(over));
  };

  it('streams a text, and counts its tokens, the cached ones apart', async () => {
    const pieces: string[] = [];
    const text = JSON.stringify({ a: 1, words: 'x'.repeat(200) });
    const answer = await ask({ kind: 'text', text, cached: 3 }, { onText: (piece) => void pieces.push(piece) });
    expect(answer).toMatchObject({ text, calls: [], stop: 'end', use: { input: 5, cached: 3 } });
    expect(answer.use?.output).toBeGreaterThan(40);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('')).toBe(text);
  });

  it('sends instructions, prompt, tools and the form of the answer', async () => {
    await ask({ kind: 'text', text: '{}' });
    const seen = llm.seen.at(-1);
    expect(seen).toMatchObject({ model: 'm-1', system: 'You are careful.', user: 'What is wrong?', tools: ['look'] });
    expect(JSON.stringify(seen?.body)).toContain('"additionalProperties":false');
  });

  it('reads calls of tools, several at once', async () => {
    const answer = await ask({
      kind: 'calls',
      calls: [
        { name: 'look', input: { at: 'a' } },
        { name: 'look', input: {} },
      ],
    });
    expect(answer.calls).toEqual([
      { name: 'look', input: '{"at":"a"}' },
      { name: 'look', input: '{}' },
    ]);
  });

  it('tells refusals and cut answers apart from answers', async () => {
    await expect(ask({ kind: 'refusal' })).resolves.toMatchObject({ stop: 'refusal' });
    await expect(ask({ kind: 'length', text: '{"a"' })).resolves.toMatchObject({ stop: 'length' });
  });

  it.each<[string, Scripted, Partial<ProviderRequest>, object]>([
    [
      '429 with its hint',
      { kind: 'error', status: 429, code: 'rate_limit_exceeded', headers: { 'retry-after': '7' } },
      {},
      { kind: 'rate', retryAfterMs: 7_000, charged: nothingUsed },
    ],
    [
      'an exhausted quota',
      { kind: 'error', status: 429, code: 'insufficient_quota' },
      {},
      { kind: 'quota', passing: false, charged: nothingUsed },
    ],
    ['503', { kind: 'error', status: 503, code: 'overloaded_error' }, {}, { kind: 'overloaded', passing: true, charged: nothingUsed }],
    ['a gateway that gave up', { kind: 'error', status: 504, code: 'server_error' }, {}, { kind: 'overloaded', charged: null }],
    ['529', { kind: 'error', status: 529, code: 'overloaded_error' }, {}, { kind: 'overloaded' }],
    ['a prompt that is too long', { kind: 'error', status: 400, code: 'context_length_exceeded' }, {}, { kind: 'context' }],
    ['an unknown model', { kind: 'text', text: '{}' }, { model: 'm-none' }, { kind: 'model', passing: false }],
    ['an error in the stream', { kind: 'stream_error', code: 'overloaded_error' }, {}, { kind: 'overloaded', charged: null }],
    ['a stream that breaks off', { kind: 'cut' }, {}, { passing: true, charged: null }],
    ['an event that is no JSON', { kind: 'garbage' }, {}, { kind: 'malformed', charged: null }],
    ['an enormous answer', { kind: 'text', text: 'x'.repeat(500_000) }, {}, { kind: 'malformed', charged: null }],
  ])('fails with a kind on %s', async (_, scripted, over, failure) => {
    await expect(ask(scripted, over)).rejects.toMatchObject({ code: 'llm_provider_failed', ...failure });
  });

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const asked = ask({ kind: 'hang' }, { signal: stop.signal });
    const before = performance.now();
    setImmediate(() => stop.abort());
    await expect(asked).rejects.toThrow();
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

it('names a key that is refused', async () => {
  const env = { OPENAI_API_KEY: 'sk-revoked', OPENAI_BASE_URL: `${llm.url}/v1`, ANTHROPIC_BASE_URL: llm.url, CODEX_BASE_URL: llm.url };
  const providers = createProviders({
    env,
    providers: [
      { kind: 'openai', name: 'openai' },
      { kind: 'anthropic', name: 'anthropic' },
    ],
    learn: () => {},
  });
  expect([...providers.keys()]).toEqual(['openai']);
  await expect(providers.get('openai')?.ask(request())).rejects.toMatchObject({
    kind: 'auth',
    message: expect.stringContaining('revoked'),
  });
});

describe('tokens of a subscription', () => {
  const asked: URLSearchParams[] = [];
  let answer: { status: number; body: unknown } = { status: 200, body: {} };
  const issuer = createServer((incoming, response) => {
    incoming.setEncoding('utf8');
    let text = '';
    incoming.on('data', (chunk: string) => {
      text += chunk;
    });
    incoming.on('end', () => {
      asked.push(new URLSearchParams(text));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  beforeAll(() => new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve)));
  afterEach(() => asked.splice(0));
  afterAll(() => void issuer.close());
  const at = () => `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;

  it('are renewed once by any number of callers, written before use, and only for the owner', async () => {
    const path = authFile(jwt(60));
    answer = { status: 200, body: { access_token: accessToken, refresh_token: 'r-2', id_token: 'i-2' } };
    const learnt: string[] = [];
    const tokens = () => createCodexTokens({ path, issuer: at(), learn: (secrets) => void learnt.push(...secrets) });
    const [one, two] = await Promise.all([tokens().current(), tokens().current()]);
    expect(one).toEqual({ token: accessToken, account: 'acct-1' });
    expect(two).toEqual(one);
    expect(asked.map((form) => form.get('refresh_token'))).toEqual(['r-1']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ kept: 1, tokens: { access_token: accessToken, refresh_token: 'r-2' } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(learnt).toContain('r-2');
  });

  it('that cannot be renewed ask for a login, and the provider is passed over', async () => {
    const path = authFile(jwt(60));
    answer = { status: 401, body: { error: { code: 'refresh_token_reused' } } };
    const tokens = createCodexTokens({ path, issuer: at(), learn: () => {} });
    await expect(tokens.current()).rejects.toThrow(/refresh_token_reused.*watchkeeper login codex/);
    await expect(codex(tokens, llm.url).ask(request())).rejects.toMatchObject({ kind: 'auth' });
    const none = createCodexTokens({ path: join(directory, 'nowhere.json'), learn: () => {} });
    await expect(none.current()).rejects.toThrow('watchkeeper login codex');
  });
});
