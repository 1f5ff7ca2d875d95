import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateGrantKeys } from '../tools/grant-keys.ts';
import { ConfigInvalid } from './config.ts';
import {
  auditSigningKey,
  grantSigningKey,
  grantVerifyKeys,
  isGrantVerifyKeys,
  isSigningKey,
  payloadKey,
  placeholderKey,
  sharedPlaceholderKey,
} from './keys.ts';

let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'watchkeeper-keys-'));
  directory = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('keys are made once, and only their owner can read them', async () => {
  const first = [payloadKey(undefined, directory), placeholderKey(directory)];
  const { kid } = await grantSigningKey(undefined, directory);
  const audit = auditSigningKey(undefined, directory);
  expect(auditSigningKey(undefined, directory).equals(audit)).toBe(true);
  expect([payloadKey(undefined, directory), placeholderKey(directory)]).toEqual(first);
  expect((await grantSigningKey(undefined, directory)).kid).toBe(kid);
  expect(first.map((key) => key.length)).toEqual([32, 32]);
  expect(modeOf(directory)).toBe('700');
  const files = readdirSync(directory);
  expect(files.toSorted()).toEqual(['audit.key', 'grant.key', 'payload.key', 'placeholder.key']);
  expect(files.map((file) => modeOf(join(directory, file)))).toEqual(['600', '600', '600', '600']);
});

test('configured keys leave nothing on disk, and win', async () => {
  const { privateKey } = await generateGrantKeys();
  expect(Buffer.from(payloadKey('ab'.repeat(32), directory)).toString('hex')).toBe('ab'.repeat(32));
  await grantSigningKey(privateKey, directory);
  auditSigningKey(privateKey, directory);
  expect(readdirSync(parent)).toEqual([]);
  expect(() => auditSigningKey('made-up', directory)).toThrow(ConfigInvalid);
});

test('placeholders agree between processes with one payload key, and tell nothing of it', () => {
  const key = 'ab'.repeat(32);
  expect(sharedPlaceholderKey(key)).toEqual(sharedPlaceholderKey(key));
  expect(sharedPlaceholderKey(key)).not.toEqual(sharedPlaceholderKey('cd'.repeat(32)));
  expect(Buffer.from(sharedPlaceholderKey(key)).toString('hex')).not.toBe(key);
});

test('several verify keys are read, under the ids that signing uses', async () => {
  const [old, current] = [await generateGrantKeys(), await generateGrantKeys()];
  const keys = await grantVerifyKeys(`${old.publicKey}\n${current.publicKey}`);
  const kids = await Promise.all([old, current].map(async ({ privateKey }) => (await grantSigningKey(privateKey, directory)).kid));
  expect([...keys.keys()].toSorted()).toEqual(kids.toSorted());
});

test('keys of other kinds, halves and texts are told apart before the start', async () => {
  const { privateKey, publicKey } = await generateGrantKeys();
  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  expect(isSigningKey(privateKey)).toBe(true);
  expect(isGrantVerifyKeys(`${publicKey}\n${publicKey}`)).toBe(true);
  for (const wrong of [publicKey, rsa.privateKey, 'made-up', '{}', '']) expect(isSigningKey(wrong), wrong).toBe(false);
  for (const wrong of [privateKey, rsa.publicKey, `${publicKey}\n${rsa.publicKey}`, 'made-up', ''])
    expect(isGrantVerifyKeys(wrong), wrong).toBe(false);
});
