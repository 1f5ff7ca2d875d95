import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loginByBrowser, loginByDevice } from './login.ts';

// Tokens of this file are made up.
const token = (claims: object) => new UnsecuredJWT({ ...claims }).encode();
const subscribed = token({ 'https://api.openai.com/auth': { chatgpt_account_id: 'acct-1' } });
const seen: { path: string; body: string }[] = [];
let pending = 0;
let access = subscribed;

const issuer = createServer((request, response) => {
  request.setEncoding('utf8');
  let body = '';
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const path = request.url ?? '';
    seen.push({ path, body });
    const answer = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path === '/oauth/token') return answer(200, { id_token: 'i', access_token: access, refresh_token: 'r-1' });
    if (path.endsWith('/usercode')) return answer(200, { device_auth_id: 'd-1', user_code: 'ABCD-EFGH', interval: '0' });
    pending -= 1;
    return pending >= 0
      ? answer(403, { error: { code: 'deviceauth_authorization_pending' } })
      : answer(200, { authorization_code: 'c-2', code_verifier: 'v-2' });
  });
});
beforeAll(() => new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve)));
beforeEach(() => void seen.splice(0));
afterAll(() => void issuer.close());
const at = () => `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
const form = () => new URLSearchParams(seen.at(-1)?.body);

describe('a login', () => {
  it('by browser proves with PKCE that it is the same program, and takes no other state', async () => {
    let opened: URL | undefined;
    const answers: number[] = [];
    const done = loginByBrowser({
      issuer: at(),
      port: 0,
      say: (line) => {
        opened = new URL(line.split('\n')[1] ?? '');
        const back = (state: string) =>
          fetch(`${opened?.searchParams.get('redirect_uri')}?code=c-1&state=${state}`).then(({ status }) => void answers.push(status));
        void back('another').then(() => back(opened?.searchParams.get('state') ?? ''));
      },
    });
    await expect(done).resolves.toMatchObject({ tokens: { access_token: subscribed, refresh_token: 'r-1', account_id: 'acct-1' } });
    expect(answers[0]).toBe(404);
    const challenge = createHash('sha256')
      .update(form().get('code_verifier') ?? '')
      .digest('base64url');
    expect(opened?.searchParams.get('code_challenge')).toBe(challenge);
    expect(form().get('redirect_uri')).toBe(opened?.searchParams.get('redirect_uri'));
  });

  it('by code waits for the person', async () => {
    pending = 2;
    const said: string[] = [];
    await expect(loginByDevice({ issuer: at(), say: (line) => void said.push(line) })).resolves.toMatchObject({
      tokens: { account_id: 'acct-1' },
    });
    expect(said.join()).toContain('ABCD-EFGH');
    expect(form().get('code_verifier')).toBe('v-2');
    expect(seen.filter(({ path }) => path.endsWith('/deviceauth/token'))).toHaveLength(3);
  });

  it('without a subscription is none', async () => {
    access = token({ sub: 'x' });
    pending = 0;
    await expect(loginByDevice({ issuer: at(), say: () => {} })).rejects.toThrow('no Codex subscription');
    access = subscribed;
  });
});
