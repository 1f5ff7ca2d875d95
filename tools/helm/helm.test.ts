import { describe, expect, it } from 'vitest';
import { holds } from '../expect.ts';
import type { Site } from '../site.ts';
import { environmentFor } from '../systems.ts';
import { sampleSite } from '../testing/examples.ts';
import { system } from './index.ts';
import { list } from './list.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { upgrade } from './upgrade.ts';

const web = { namespace: 'shop', release: 'web' };
const chart = { repository: 'https://charts.example', name: 'web', version: '1.2.3' };

function stateOf(info: object, more: object = {}) {
  const stdout = JSON.stringify({ name: 'web', version: 3, manifest: '', info: { status: 'deployed', ...info }, ...more });
  return status.parse({ exitCode: 0, stdout, stderr: '' }, web);
}

describe('helm.status', () => {
  it('counts objects, replicas and tests', () => {
    const manifest = '---\nkind: Deployment\nspec:\n  replicas: 3\n---\nkind: Service\n---\nkind: StatefulSet\nspec:\n  replicas: 2\n';
    const run = (phase: string) => ({ name: 't', events: ['test'], last_run: { started_at: '2026-01-02T03:04:05Z', phase } });
    const never = { name: 't', events: ['test'], last_run: { started_at: '0001-01-01T00:00:00Z', phase: '' } };
    expect(
      stateOf({}, { manifest, hooks: [run('Succeeded'), run('Failed'), never, { name: 'h', events: ['pre-install'] }] }),
    ).toMatchObject({
      ...{ objects: 3, replicas: 5, pending: false, rollbackTo: null },
      tests: { count: 3, failed: 1, lastAt: '2026-01-02T03:04:05Z' },
    });
  });

  it('takes a release that does not exist for an answer, and nothing else', () => {
    const missing = { exitCode: 1, stdout: '', stderr: 'Error: release: not found' };
    expect(status.answers?.(missing)).toBe(true);
    expect(status.parse(missing, web)).toMatchObject({ exists: false, status: null });
    expect(status.answers?.({ ...missing, stderr: 'Error: Kubernetes cluster unreachable' })).toBe(false);
  });
});

describe('writes', () => {
  it('do not touch a release that somebody works on; a rollback frees one', () => {
    const before = stateOf({ status: 'pending-upgrade' });
    const input = upgrade.input.parse({ ...web, chart });
    expect(upgrade.preconditions(input, before).every((expectation) => holds(expectation, before))).toBe(false);
    expect(rollback.preconditions({ ...web, toRevision: 2 }, before).every((expectation) => holds(expectation, before))).toBe(true);
  });

  it.each(['uninstalled', 'failed', 'pending-upgrade'])('never go back to a revision that is %s', (state) => {
    const before = stateOf({ status: state });
    expect(() => upgrade.rollback?.(upgrade.input.parse({ ...web, chart }), before)).toThrow('nothing to go back to');
    expect(rollback.rollback?.({ ...web, toRevision: 2 }, before)).toMatchObject({ input: { toRevision: 2 } });
    expect(rollback.rollback?.({ ...web, toRevision: 2 }, stateOf({}))).toMatchObject({ input: { toRevision: 3 } });
  });

  it('know their own effect by the description', () => {
    const before = stateOf({});
    const input = upgrade.input.parse({ ...web, chart, values: { a: 1 } });
    const command = upgrade.command(input, sampleSite);
    const description =
      command.kind === 'cli' ? command.argv.find((argument) => argument.startsWith('--description='))?.slice(14) : undefined;
    const done = (text: string | undefined) =>
      upgrade.probe(input, before).every((claim) => holds(claim, stateOf({ description: text }, { version: 4 })));
    expect(done(description)).toBe(true);
    expect(done('Upgrade complete')).toBe(false);
    expect(
      rollback
        .probe({ ...web, toRevision: 2 }, before)
        .every((claim) => holds(claim, stateOf({ description: 'Rollback to 2' }, { version: 4 }))),
    ).toBe(true);
  });

  it('show of a dry run what would be there, and nothing that changes with the time', () => {
    const shown = (at: string) =>
      upgrade.dryRunText?.({
        exitCode: 0,
        stdout: JSON.stringify({ version: 2, manifest: 'kind: A\n', info: { status: 'x', last_deployed: at } }),
        stderr: '',
      });
    expect(shown('1')).toBe('kind: A\n');
    expect(shown('1')).toBe(shown('2'));
  });
});

describe('charts', () => {
  const build = (more: object) => upgrade.command(upgrade.input.parse({ ...web, chart: { ...chart, ...more } }), sampleSite);

  it.each([
    ['elsewhere', { repository: 'https://attacker.example/charts' }],
    ['with the allowed place as a prefix of the host', { repository: 'https://charts.example.attacker.example' }],
    ['over another scheme', { repository: 'http://charts.example' }],
    ['in the metadata service', { repository: 'http://169.254.169.254' }],
  ])('are not taken from %s', (_where, more) => expect(() => build(more)).toThrow('takes no charts from there'));

  it.each([
    ['a path', { name: '../web' }],
    ['a dot segment (CVE-2026-35206)', { name: '..' }],
    ['an absolute path', { name: '/tmp/web' }],
    ['a range of versions', { version: '>1.0.0' }],
    ['no version', { version: undefined }],
    ['credentials in the address', { repository: 'https://user:pass@charts.example' }],
    ['a file', { repository: 'file:///tmp' }],
  ])('are not named by %s', (_what, more) => expect(upgrade.input.safeParse({ ...web, chart: { ...chart, ...more } }).success).toBe(false));
});

describe('known attacks', () => {
  const site = {
    kubernetes: { context: 'c', kubeconfig: { read: '/r', write: '/w' } },
    helm: { kubeconfig: null, driver: 'secret', charts: [] },
  };

  it('CVE-2026-35204 and CVE-2026-35205: plugins are neither installed nor looked for', async () => {
    expect(await environmentFor(site as unknown as Site, 'helm', 'read')).toEqual({
      ...{ KUBECONFIG: '/r', HELM_DRIVER: 'secret' },
      ...{ HELM_NO_PLUGINS: '1', HELM_PLUGINS: '/nonexistent' },
    });
    const verbs = ['get', 'list', 'status', 'history', 'rollback', 'test', 'uninstall', 'upgrade'];
    expect(system.operations.map(({ name }) => name.split('.')[1]?.split('_')[0]).every((verb) => verbs.includes(verb ?? ''))).toBe(true);
  });

  it('CVE-2022-24348: values come through standard input, never from a file that an input names', () => {
    const input = upgrade.input.parse({ ...web, chart, values: { file: '../../etc/passwd', list: ['/etc/shadow'] } });
    const command = upgrade.command(input, sampleSite);
    if (command.kind !== 'cli') throw new Error('not a command line');
    expect(command.argv.filter((argument) => /passwd|shadow/.test(argument))).toEqual([]);
    expect(command.argv.filter((argument) => /^(--values|-f|--set)/.test(argument))).toEqual(['--values=-']);
    expect(upgrade.input.safeParse({ ...input, valueFiles: ['x'] }).success).toBe(false);
  });

  it('has its own credentials, so that those of other reads need not see Secrets', async () => {
    const own = { ...site, helm: { ...site.helm, kubeconfig: { read: '/hr', write: '/hw' } } } as unknown as Site;
    expect(await environmentFor(own, 'helm', 'write')).toMatchObject({ KUBECONFIG: '/hw' });
    expect(await environmentFor(own, 'kubectl', 'read')).toMatchObject({ KUBECONFIG: '/r' });
    const { helm: _, ...without } = sampleSite;
    expect(() => list.command({}, without)).toThrow('has no Helm');
  });
});
