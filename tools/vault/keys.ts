import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { parseJson } from '../json.ts';
import { read, write } from '../operation.ts';
import { dataOf, eitherSys, VaultName, VaultPath, vault, vaultTimeoutMs, within } from './vault.ts';

const one = { targets: 1, replicas: 0, percent: 0 };
const check = (title: string, call: OperationCall, expect: Expectation[]) => ({
  title,
  ...call,
  expect,
  withinSeconds: 30,
  stableSeconds: 0,
});

const KeyStatus = z.object({ term: z.number(), install_time: z.string(), encryptions: z.number().default(0) });
const KeyState = z.object({ term: z.number(), installedAt: z.string(), encryptions: z.number() });

export const keyStatus = read({
  name: 'vault.key_status',
  summary: 'Which key encrypts what the server stores, since when, and how often it was used',
  input: z.strictObject({}),
  output: KeyState,
  command: (_input, site) => eitherSys(site, vault(site, ['operator', 'key-status']), 'key-status'),
  parse: ({ stdout }) => {
    const { term, install_time, encryptions } = parseJson(KeyStatus, stdout);
    return { term, installedAt: install_time, encryptions };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/key-status'],
});

const keyCall: OperationCall = { operation: 'vault.key_status', input: {} };
const newer = (term: number): Expectation[] => [{ pointer: '/term', op: 'gt', value: term }];

export const keyRotate = write({
  name: 'vault.key_rotate',
  tier: 'high',
  summary: 'Encrypt what is stored from now on with a new key; what is there stays readable',
  input: z.strictObject({}),
  output: KeyState,
  command: (_input, site) => vault(site, ['operator', 'rotate']),
  noDryRunReason: 'vault operator rotate has no dry run',
  parse: ({ stdout }) => {
    const { term, install_time, encryptions } = parseJson(KeyStatus, stdout);
    return { term, installedAt: install_time, encryptions };
  },
  timeoutMs: vaultTimeoutMs,
  // The second is OpenBao's; the program then reads the state of the key.
  permissions: ['update, sudo sys/rotate', 'update, sudo sys/rotate/keyring', 'read sys/key-status'],
  state: () => keyCall,
  stateOutput: KeyState,
  preconditions: (_input, { term }) => [{ pointer: '/term', op: 'eq', value: term }],
  impact: () => one,
  probe: (_input, { term }) => newer(term),
  verification: (_input, { term }) => [check('A new key encrypts', keyCall, newer(term))],
  irreversibleReason: 'a key that was added to the keyring stays there; the older ones go on to decrypt',
});

const Named = z.strictObject({ mount: VaultPath, name: VaultName });
type Named = z.infer<typeof Named>;

const TransitKey = z.object({
  type: z.string(),
  latestVersion: z.number(),
  minDecryptionVersion: z.number(),
  exportable: z.boolean(),
  autoRotateSeconds: z.number(),
});

export const transitKey = read({
  name: 'vault.transit_key',
  summary: 'The versions of a key that encrypts for others, never the key',
  input: Named,
  output: TransitKey,
  command: ({ mount, name }, site) => within(site, 'transit', mount, `keys/${name}`, (path) => vault(site, ['read'], [], [path])),
  parse: ({ stdout }) => {
    const Found = z.object({
      ...{ type: z.string(), latest_version: z.number(), min_decryption_version: z.number(), exportable: z.boolean() },
      auto_rotate_period: z.number().default(0),
    });
    const found = dataOf(Found, stdout);
    return {
      ...{ type: found.type, latestVersion: found.latest_version, minDecryptionVersion: found.min_decryption_version },
      ...{ exportable: found.exportable, autoRotateSeconds: found.auto_rotate_period },
    };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/mounts', 'read transit/keys/+'],
});

const transitCall = ({ mount, name }: Named): OperationCall => ({ operation: 'vault.transit_key', input: { mount, name } });
const nextVersion = (version: number): Expectation[] => [{ pointer: '/latestVersion', op: 'gt', value: version }];

export const transitRotate = write({
  name: 'vault.transit_rotate',
  tier: 'high',
  summary: 'Add a version to a key that encrypts for others; what older versions encrypted stays readable',
  input: Named,
  output: z.object({}),
  command: ({ mount, name }, site) =>
    within(site, 'transit', mount, `keys/${name}/rotate`, (path) => vault(site, ['write'], ['-force'], [path])),
  noDryRunReason: 'the rotation of a key has no dry run',
  parse: () => ({}),
  timeoutMs: vaultTimeoutMs,
  permissions: ['update transit/keys/+/rotate'],
  state: transitCall,
  stateOutput: TransitKey,
  preconditions: (_input, { latestVersion, type }) => [
    { pointer: '/latestVersion', op: 'eq', value: latestVersion },
    { pointer: '/type', op: 'eq', value: type },
  ],
  impact: () => one,
  probe: (_input, { latestVersion }) => nextVersion(latestVersion),
  verification: (input, { latestVersion }) => [check('The key has a new version', transitCall(input), nextVersion(latestVersion))],
  irreversibleReason: 'a version of a key that has encrypted something must not be taken away',
});

const StaticRole = z.object({ username: z.string(), lastRotation: z.string(), periodSeconds: z.number() });

export const databaseRole = read({
  name: 'vault.database_role',
  summary: 'When the password of a database account was last rotated, never the password',
  input: Named,
  output: StaticRole,
  command: ({ mount, name }, site) => within(site, 'database', mount, `static-roles/${name}`, (path) => vault(site, ['read'], [], [path])),
  parse: ({ stdout }) => {
    const Found = z.object({ username: z.string(), last_vault_rotation: z.string(), rotation_period: z.number().default(0) });
    const found = dataOf(Found, stdout);
    return { username: found.username, lastRotation: found.last_vault_rotation, periodSeconds: found.rotation_period };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/mounts', 'read database/static-roles/+'],
});

const roleCall = ({ mount, name }: Named): OperationCall => ({ operation: 'vault.database_role', input: { mount, name } });
const later = (rotation: string): Expectation[] => [{ pointer: '/lastRotation', op: 'gt', value: rotation }];

export const databaseRotate = write({
  name: 'vault.database_rotate',
  tier: 'high',
  summary: 'Give a database account a new password; who has not read the new one cannot connect any more',
  input: Named,
  output: z.object({}),
  command: ({ mount, name }, site) =>
    within(site, 'database', mount, `rotate-role/${name}`, (path) => vault(site, ['write'], ['-force'], [path])),
  noDryRunReason: 'the rotation of a password has no dry run',
  parse: () => ({}),
  timeoutMs: vaultTimeoutMs,
  permissions: ['update database/rotate-role/+'],
  state: roleCall,
  stateOutput: StaticRole,
  preconditions: (_input, { username, lastRotation }) => [
    { pointer: '/username', op: 'eq', value: username },
    { pointer: '/lastRotation', op: 'eq', value: lastRotation },
  ],
  impact: () => one,
  probe: (_input, { lastRotation }) => later(lastRotation),
  // The database may have the new password before Vault has written it down.
  untouched: () => null,
  verification: (input, { lastRotation }) => [check('The password is a new one', roleCall(input), later(lastRotation))],
  irreversibleReason: 'the password before is known to nobody any more',
});
