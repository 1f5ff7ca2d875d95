import { expect, test } from 'vitest';
import type { Person } from './config-file.ts';
import { createDirectory } from './people.ts';

const ann: Person = {
  id: 'ann',
  name: 'Ann',
  email: 'ann@shop.example',
  roles: ['approver'],
  slack: { team: 'T1', user: 'U1' },
  linear: 'lin-1',
  pagerduty: 'PANN',
  oidc: 'sub-1',
};
const ben: Person = { id: 'ben', name: 'Ben', email: 'ann@shop.example', roles: ['viewer'] };
const directory = createDirectory([ann, ben]);

test('a person is found by each identity that is listed', async () => {
  const found = { ...ann, groups: [] };
  expect(await directory.of({ kind: 'slack', team: 'T1', user: 'U1' })).toEqual(found);
  expect(await directory.of({ kind: 'linear', user: 'lin-1' })).toEqual(found);
  expect(await directory.of({ kind: 'pagerduty', user: 'PANN' })).toEqual(found);
  expect(await directory.of({ kind: 'oidc', subject: 'sub-1' })).toEqual(found);
  expect(await directory.current('ann')).toEqual(found);
  expect(directory.byId('ben')).toBe(ben);
});

test.each([
  { kind: 'slack', team: 'T2', user: 'U1' },
  { kind: 'slack', team: 'T1', user: 'ann' },
  { kind: 'linear', user: '' },
  { kind: 'pagerduty', user: 'lin-1' },
  { kind: 'oidc', subject: 'ann@shop.example' },
  { kind: 'service_token', tokenId: 'ann' },
] as const)('%j is nobody', async (identity) => {
  expect(await directory.of(identity)).toBeNull();
});
