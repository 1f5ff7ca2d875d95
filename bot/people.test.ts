import { expect, test } from 'vitest';
import type { Person } from './config.ts';
import { createDirectory } from './people.ts';

const ann: Person = {
  id: 'ann',
  name: 'Ann',
  email: 'ann@shop.example',
  roles: ['approver'],
  slack: { team: 'T1', user: 'U1' },
  linear: 'lin-1',
  oidc: 'sub-1',
};
const ben: Person = { id: 'ben', name: 'Ben', email: 'ann@shop.example', roles: ['viewer'] };
const directory = createDirectory([ann, ben]);

test('a person is found by each identity that is listed', () => {
  expect(directory.of({ kind: 'slack', team: 'T1', user: 'U1' })).toBe(ann);
  expect(directory.of({ kind: 'linear', user: 'lin-1' })).toBe(ann);
  expect(directory.of({ kind: 'oidc', subject: 'sub-1' })).toBe(ann);
  expect(directory.byId('ben')).toBe(ben);
});

test.each([
  { kind: 'slack', team: 'T2', user: 'U1' },
  { kind: 'slack', team: 'T1', user: 'ann' },
  { kind: 'linear', user: '' },
  { kind: 'oidc', subject: 'ann@shop.example' },
  { kind: 'service_token', tokenId: 'ann' },
] as const)('%j is nobody', (identity) => {
  expect(directory.of(identity)).toBeNull();
});
