import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createRegistry } from '../registry.ts';
import { clusterRoles, rulesOf } from './rbac.ts';

it('reads the words of permissions', () => {
  expect(
    rulesOf(['get pods', 'list pods', 'get and list services', 'get, create and patch deployments.apps/scale', 'get /apis/*']),
  ).toEqual([
    { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] },
    { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['create', 'get', 'patch'] },
    { nonResourceURLs: ['/apis/*'], verbs: ['get'] },
  ]);
  expect(() => rulesOf(['everything'])).toThrow('no right of Kubernetes');
});

it('gives reads no right to change, and nobody a secret, a wildcard or another identity', () => {
  const [reader, writer] = clusterRoles(createRegistry().list());
  const harmless = ['get', 'list', 'watch'];
  for (const { resources = [], verbs } of reader?.rules ?? [])
    if (!resources.every((resource) => resource === 'selfsubjectaccessreviews'))
      expect(harmless).toEqual(expect.arrayContaining([...verbs]));
  for (const { resources = [], verbs } of [...(reader?.rules ?? []), ...(writer?.rules ?? [])]) {
    expect(resources.join()).not.toMatch(/secret|\*|exec|portforward|tokenreview/);
    // Who may do what is looked at, and given by nobody.
    if (/role/.test(resources.join())) expect(verbs).toEqual(['list']);
    expect(verbs.join()).not.toMatch(/\*|impersonate|bind|escalate/);
  }
});

it('is in the guide as it is: watchkeeper tools roles prints it', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/kubernetes-roles.yaml'), 'utf8');
  expect(parseAllDocuments(guide).map((document) => document.toJSON())).toEqual(clusterRoles(createRegistry().list()));
});
