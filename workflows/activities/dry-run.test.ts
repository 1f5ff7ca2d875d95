import { describe, expect, test } from 'vitest';
import { diffOf, normalise } from './dry-run.ts';

const deployment = (change: { image?: string; resourceVersion?: string; available?: number }) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  uid: 5f0c
  resourceVersion: "${change.resourceVersion ?? '1'}"
  generation: ${change.resourceVersion ?? '1'}
  managedFields: [{ manager: kubectl, time: "2026-01-01T00:00:0${change.resourceVersion ?? '1'}Z" }]
  labels: { app: checkout }
spec:
  template:
    spec:
      containers: [{ name: app, image: ${change.image ?? 'shop/checkout:1'} }]
status: { availableReplicas: ${change.available ?? 1} }
`;

describe('what the API server changes by itself', () => {
  test('does not count', () => {
    expect(normalise(deployment({ resourceVersion: '2', available: 9 }))).toEqual(normalise(deployment({})));
    expect(diffOf(deployment({}), deployment({ resourceVersion: '2', available: 9 }))).not.toContain('@@');
  });

  test('is told from what the write changes, which is shown line by line', () => {
    const diff = diffOf(deployment({}), deployment({ image: 'shop/checkout:2', resourceVersion: '2' }));
    const changed = diff.split('\n').filter((line) => /^[-+] /.test(line));
    expect(changed.map((line) => line.replace(/ +/, ' '))).toEqual(['- - image: shop/checkout:1', '+ - image: shop/checkout:2']);
  });

  test('is left out in JSON as in YAML, and only where Kubernetes writes it', () => {
    const json = (annotations: object) =>
      JSON.stringify({ kind: 'ConfigMap', metadata: { name: 'a', uid: 'u', annotations }, data: { status: 'x', uid: 'kept' } });
    expect(normalise(json({ generation: '1' }))).toEqual([
      { kind: 'ConfigMap', metadata: { name: 'a', annotations: { generation: '1' } }, data: { status: 'x', uid: 'kept' } },
    ]);
  });
});

test('the order of keys makes no difference', () => {
  expect(diffOf('a: 1\nb: 2\n', 'b: 2\na: 1\n')).not.toContain('@@');
});

test('several documents are kept apart', () => {
  expect(normalise('kind: A\n---\nkind: B\nstatus: 1\n')).toEqual([{ kind: 'A' }, { kind: 'B' }]);
});

test.each([
  ['broken YAML', 'a: [1\n'],
  [
    'aliases that unfold to billions',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replaceAll(
      /./g,
      (letter, index: number) =>
        `${letter}: &${letter} [${Array(9)
          .fill(`*${String.fromCharCode(97 + index)}`)
          .join()}]\n`,
    )}`,
  ],
])('%s stays text', (_, text) => {
  expect(normalise(text)).toBe(text.trim());
  expect(diffOf(text, text)).not.toContain('@@');
});
