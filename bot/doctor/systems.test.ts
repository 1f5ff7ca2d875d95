import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Site } from '../../tools/site.ts';
import { silent } from '../store/testing.ts';
import { checkSystems } from './systems.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-systems-'));
  await write('read-token', 'made-up-token-1');
  await write('write-token', 'made-up-token-2');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o755 });

/** The programs stand here with what the real ones print to standard error. */
async function look(said: string, write_token = 'write-token') {
  for (const name of ['vault', 'boundary']) await write(name, `#!/bin/sh\ncat >&2 <<'END'\n${said}\nEND\nexit 2\n`);
  const token = { read: join(folder, 'read-token'), write: join(folder, write_token) };
  const address = 'https://shop.example:8200';
  const site = Site.parse({ name: 'shop', vault: { address, token }, boundary: { address, token } });
  const found = await checkSystems(site, folder, silent);
  expect(JSON.stringify(found)).not.toContain('made-up-token');
  expect(found.map(({ name, ok }) => [name, ok])).toEqual(
    ['vault read', 'vault write', 'boundary read', 'boundary write'].map((each) => [`site shop, ${each}`, false]),
  );
  return found.map(({ detail, todo }) => `${detail} → ${todo}`);
}

const vaultSays = (code: number, words: string) =>
  `Error looking up token: Error making API request.\n\nURL: GET https://shop.example:8200/v1/auth/token/lookup-self\nCode: ${code}. Errors:\n\n* ${words}`;
const dialed = (words: string) => `Error looking up token: Get "https://shop.example:8200/v1/auth/token/lookup-self": ${words}`;
const boundarySays = (code: number, kind: string) =>
  JSON.stringify({ context: 'Error from controller', status_code: code, api_error: { kind, message: `${kind} for made-up-token-1.` } });

test.each([
  [
    'an expired token',
    vaultSays(403, 'permission denied'),
    0,
    /^\* permission denied → .*expired.*vault token create -policy=watchkeeper-read/,
  ],
  ['a sealed Vault', vaultSays(503, 'Vault is sealed'), 0, /^\* Vault is sealed → unseal it: vault operator unseal/],
  [
    'an address of nobody',
    dialed('dial tcp 10.0.0.1:8200: connect: connection refused'),
    0,
    /→ .*\/v1\/sys\/health\), or correct vault\.address$/,
  ],
  ['another authority', dialed('tls: failed to verify certificate: x509: certificate signed by unknown authority'), 1, /vault\.caCert/],
  ['a wrong scheme', dialed('http: server gave HTTP response to HTTPS client'), 0, /→ correct http or https in vault\.address$/],
  ['an expired token of Boundary', boundarySays(403, 'PermissionDenied'), 2, /→ .*expired.*boundary authenticate.*boundary\.token\.read/],
  ['a token of Boundary that nobody knows', boundarySays(401, 'Unauthenticated'), 3, /boundary\.token\.write of the site names/],
  ['an address without a controller', 'Error: dial tcp: lookup shop.example: no such host', 2, /correct boundary\.address$/],
])('%s: what to do is said', async (_, said, at, words) => {
  expect((await look(said))[at]).toMatch(words);
});

test('a token that is not there is said of its account alone', async () => {
  const [read, vault, , boundary] = await look(vaultSays(403, 'permission denied'), 'absent');
  expect(read).toContain('permission denied');
  expect(vault).toMatch(/vault\.token\.write of the site cannot be read.* → write a token \(vault token create/);
  expect(boundary).toMatch(/→ write a token \(boundary authenticate\)/);
});
