import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReleaseState } from '../../tools/helm/status.ts';
import { type ChartRepository, startChartRepository } from './chart.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { perform, performAndUndo } from './perform.ts';
import { createTestSite, type TestSite } from './site.ts';

const web = { namespace: 'shop', release: 'web' };

let cluster: ControlPlane;
let repository: ChartRepository;
let site: TestSite;

beforeAll(async () => {
  [cluster, repository] = await Promise.all([startControlPlane(), startChartRepository(['1.0.0', '1.1.0'])]);
  await cluster.kubectl(['create', 'namespace', 'shop']);
  // Releases are kept in ConfigMaps here: the role for reads need not see Secrets then.
  const helm = { kubeconfig: null, driver: 'configmap', charts: [repository.url] } as const;
  site = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig }, helm });
  const argv = ['install', 'web', repository.chart('1.0.0'), '--namespace=shop', '--wait', '--timeout=60s'];
  const env = { ...process.env, HELM_DRIVER: 'configmap', KUBECONFIG: cluster.kubeconfig.admin };
  await promisify(execFile)('helm', argv, { env });
});

afterAll(async () => {
  await repository?.stop();
  await cluster?.stop();
});

const chart = (version: string) => ({ repository: repository.url, name: 'web', version });
const state = (): Promise<ReleaseState> => site.output('helm.status', web);

describe('Helm', () => {
  it('reads releases with their history, values, manifest and hooks', async () => {
    expect(await site.output('helm.list', {})).toMatchObject({ releases: [{ name: 'web', status: 'deployed', chart: 'web-1.0.0' }] });
    expect(await state()).toMatchObject({ exists: true, revision: 1, objects: 1, replicas: 1, tests: { count: 1, lastAt: null } });
    expect(await site.output('helm.status', { ...web, release: 'ghost' })).toMatchObject({ exists: false, status: null });
    expect(await site.output('helm.history', web)).toMatchObject({ revisions: [{ revision: 1, appVersion: '1.0.0' }] });
    expect(await site.output('helm.get_values', { ...web, all: true })).toEqual({ values: { replicas: 1 } });
    expect(await site.output('helm.get_manifest', web)).toMatchObject({ text: expect.stringContaining('registry.example/shop/web:1.0.0') });
    expect(await site.output('helm.get_hooks', web)).toMatchObject({ text: expect.stringContaining('web-test') });
    expect(await site.read('helm.history', { ...web, release: 'ghost' })).toMatchObject({ status: 'error', code: 'not_found' });
  });

  it('upgrades to what its dry run showed, and rolls back to the recorded revision', async () => {
    const input = { ...web, chart: chart('1.1.0'), values: { replicas: 2 } };
    const dry = [await site.dryRun('helm.upgrade', input), await site.dryRun('helm.upgrade', input)].map(
      (answer) => site.observationOf(answer).stdout,
    );
    expect(dry[0]).toContain('registry.example/shop/web:1.1.0');
    expect(dry[1]).toBe(dry[0]);
    const { undo } = await perform<ReleaseState>(site, 'helm.upgrade', input);
    expect(await state()).toMatchObject({ revision: 2, status: 'deployed', replicas: 2 });
    const { text } = await site.output<{ text: string }>('helm.get_manifest', web);
    expect(text.trim()).toBe(dry[0]?.trim());
    expect(undo).toEqual({ operation: 'helm.rollback', input: { ...web, toRevision: 1 } });
    await perform(site, 'helm.rollback', { ...web, toRevision: 1 });
    expect(await state()).toMatchObject({ revision: 3, rollbackTo: 1, replicas: 1 });
  });

  it('runs the tests of a chart', async () => {
    await perform(site, 'helm.test', web);
    expect(await state()).toMatchObject({ tests: { count: 1, failed: 0 } });
  });

  it('uninstalls, and brings back what was there', async () => {
    await performAndUndo(site, 'helm.uninstall', web);
    expect(await state()).toMatchObject({ status: 'deployed', replicas: 1 });
  });

  it('says what is wrong with a chart, a place or a version that there is none', async () => {
    expect(await site.write('helm.upgrade', { ...web, chart: chart('9.9.9') })).toMatchObject({ status: 'error', code: 'not_found' });
    const elsewhere = { ...chart('1.1.0'), repository: 'http://169.254.169.254' };
    expect(await site.write('helm.upgrade', { ...web, chart: elsewhere })).toMatchObject({ status: 'error', code: 'context_unknown' });
    expect(await site.write('helm.rollback', { ...web, toRevision: 99 })).toMatchObject({ status: 'error', code: 'not_found' });
  });

  it('cannot write with the credentials for reads', async () => {
    const { read } = cluster.kubeconfig;
    const helm = { kubeconfig: { read, write: read }, driver: 'configmap', charts: [] } as const;
    const readOnly = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig }, helm });
    expect(await readOnly.write('helm.rollback', { ...web, toRevision: 1 })).toMatchObject({ status: 'error', code: 'forbidden' });
    expect(await state()).toMatchObject({ status: 'deployed' });
  });
});
