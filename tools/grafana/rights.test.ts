import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { roleOf } from '../roles.ts';
import { rights } from './rights.ts';

it('rights of an account are told with their scopes, and without those that no operation needs', () => {
  const stdout = JSON.stringify({ 'plugins:install': ['*'], 'annotations:read': ['annotations:type:*'], 'alert.provisioning:read': [''] });
  expect(rights.flatMap(({ parse }) => parse({ exitCode: 0, stdout, stderr: '' }))).toEqual([
    'alert.provisioning:read',
    'annotations:read on annotations:type:*',
  ]);
});

it.each(['read', 'write'] as const)('the role for %ss in the guides is current: node bot/main.ts tools roles grafana', (account) => {
  const file = new URL(`../../docs/guides/grafana-${account}-role.yaml`, import.meta.url);
  expect(readFileSync(file, 'utf8').trimEnd()).toBe(roleOf('grafana', account));
});
