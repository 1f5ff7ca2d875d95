import { expect, test } from 'vitest';
import { parseConfigFile } from './config.ts';
import { groupsOf } from './groups.ts';

const { file } = parseConfigFile(
  `
people: [{ id: ann, name: Ann, roles: [approver] }, { id: ben, name: Ben, roles: [viewer] }]
sites: [{ name: shop }]
groups: [{ name: platform, members: [ann] }, { name: checkout, members: [ben] }]
services:
  - { name: checkout, site: shop, namespace: shop, owners: [ann, ben] }
  - { name: cart, site: shop, namespace: shop }
`,
  'groups.yaml',
);

test('a person belongs to the groups that list them, and to the owners of their services', () => {
  expect(groupsOf(file, 'ann')).toEqual(['platform', 'owners:checkout']);
  expect(groupsOf(file, 'ben')).toEqual(['checkout', 'owners:checkout']);
});

test('who is listed nowhere belongs to none', () => {
  expect(groupsOf(file, 'nobody')).toEqual([]);
});
