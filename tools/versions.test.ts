import { expect, it } from 'vitest';
import type { Run } from './run.ts';
import { tooOld, versionOf } from './versions.ts';

const printing =
  (stdout: string, stderr = ''): Run =>
  async () => ({ kind: 'exited', exitCode: 0, stdout, stderr, truncated: false });

it.each([
  ['kubectl', '{\n "clientVersion": {\n "major": "1",\n "minor": "34",\n "gitVersion": "v1.34.2",\n "goVersion": "go1.26.8"', '1.34.2'],
  ['helm', 'v3.22', '3.22'],
  ['argocd', 'argocd: v3.3.0+unknown', '3.3.0'],
  ['helm', 'no version', null],
  ['other', 'v1.2.3', null],
])('%s says %j', async (name, stdout, version) => expect(await versionOf(printing(stdout), name, '/x')).toBe(version));

it('reads what promtool writes to standard error', async () => {
  expect(await versionOf(printing('', 'promtool, version 2.42.0+ds (branch: x)'), 'promtool', '/x')).toBe('2.42.0');
});

it('has no version of what does not start', async () => {
  expect(await versionOf(async () => ({ kind: 'missing' }), 'helm', '/x')).toBeNull();
});

it.each([
  ['helm', '3.20.1', '3.20.2'],
  ['helm', '3.9.4', '3.20.2'],
  ['helm', '2.17.0', '3.20.2'],
  ['helm', '3.20', '3.20.2'],
  ['helm', '3.20.2', null],
  ['helm', '3.22', null],
  ['helm', '4.1.4', null],
  ['kubectl', '1.0.0', null],
])('of %s %s wants %s', (name, version, wanted) => expect(tooOld(name, version)).toBe(wanted));
