import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { roleOf } from './roles.ts';

const guide = (name: string) => readFileSync(join(import.meta.dirname, '../docs/guides', name), 'utf8').trimEnd();

it.each([
  ['vault', 'read', 'vault-read.hcl'],
  ['vault', 'write', 'vault-write.hcl'],
  ['aws', 'read', 'aws-policy-read.json'],
  ['aws', 'write', 'aws-policy-write.json'],
  ['boundary', 'read', 'boundary-read-grants.txt'],
  ['boundary', 'write', 'boundary-write-grants.txt'],
  ['gitlab', 'read', 'gitlab-read-token.txt'],
  ['gitlab', 'write', 'gitlab-write-token.txt'],
] as const)(
  'the guide for %s, account for %ss, is current: node bot/main.ts tools roles SYSTEM KIND > docs/guides/%s',
  (system, account, file) => {
    expect(guide(file)).toBe(roleOf(system, account));
  },
);

it('neither account of Vault may read what a key-value store holds', () => {
  for (const account of ['read', 'write'] as const) expect(roleOf('vault', account)).not.toMatch(/path "(secret\/data|secret\/?\*|[+*])/);
  expect(roleOf('vault', 'read')).not.toContain('create');
});

it('says which systems have roles that can be written down', () => {
  expect(() => roleOf('probe', 'read')).toThrow(/kubernetes.*vault.*boundary/);
});
