import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApplicationState } from '../../tools/argocd/application.ts';
import { holds } from '../../tools/expect.ts';
import type { ReleaseState } from '../../tools/helm/status.ts';
import { createRegistry } from '../../tools/registry.ts';
import { type ArgoCd, startArgoCd } from './argocd.ts';
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
  const helm = { driver: 'configmap' as const, charts: [repository.url] };
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

  it('an upgrade that fails half-way shows as one, and is taken back from there', async () => {
    const upgrade = createRegistry().get('helm.upgrade');
    if (upgrade?.kind !== 'write') throw new Error('helm.upgrade is no write');
    const input = upgrade.input.parse({ ...web, chart: chart('1.1.0'), values: { replicas: -1 } });
    const before = await state();
    expect(await site.write('helm.upgrade', input)).toMatchObject({ status: 'error' });
    const after = await state();
    expect(after).toMatchObject({ revision: before.revision + 1, status: 'failed' });
    expect(upgrade.preconditions(input, before).every((one) => holds(one, after))).toBe(false);
    expect(upgrade.partly?.(input, before).every((one) => holds(one, after))).toBe(true);
    const undo = upgrade.rollback?.(input, before);
    await perform(site, 'helm.rollback', undo?.input ?? {});
    expect(await state()).toMatchObject({ status: 'deployed', rollbackTo: before.revision, replicas: 1 });
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
    const helm = { kubeconfig: { read, write: read }, driver: 'configmap' as const, charts: [] };
    const readOnly = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig }, helm });
    expect(await readOnly.write('helm.rollback', { ...web, toRevision: 1 })).toMatchObject({ status: 'error', code: 'forbidden' });
    expect(await state()).toMatchObject({ status: 'deployed' });
  });
});

describe('Argo CD', () => {
  const app = { application: 'web' };
  let argo: ArgoCd;
  let at: TestSite;
  let [first, second] = ['', ''];

  beforeAll(async () => {
    argo = await startArgoCd(cluster);
    const argocd = { server: argo.server, transport: 'plaintext', token: argo.tokens } as const;
    at = await createTestSite({ argocd });
    await cluster.kubectl(['create', 'namespace', 'apps']);
    first = await argo.commit('registry.example/shop/web:1.0.0');
    await argo.createApplication();
    await at.reaches('argocd.app_get', app, [{ pointer: '/sync', op: 'eq', value: 'OutOfSync' }], 60_000);
  });

  afterAll(() => argo?.stop());

  const state = (): Promise<ApplicationState> => at.output('argocd.app_get', app);

  it('reads applications, their objects, what Git has, projects and clusters', async () => {
    expect(await at.output('argocd.app_list', {})).toMatchObject({ applications: [{ name: 'web', sync: 'OutOfSync', health: 'Missing' }] });
    expect(await state()).toMatchObject({ revision: first, historyId: -1, autoSync: { on: false }, operation: null });
    expect(await at.output('argocd.app_resources', app)).toMatchObject({
      resources: [{ kind: 'Deployment', name: 'web', sync: 'OutOfSync' }],
    });
    expect(await at.output('argocd.app_manifests', app)).toMatchObject({ text: expect.stringContaining('shop/web:1.0.0') });
    expect(await at.output('argocd.app_diff', app)).toMatchObject({ text: expect.stringContaining('shop/web:1.0.0') });
    expect(await at.output('argocd.proj_list', {})).toMatchObject({ projects: [{ name: 'default', sources: ['*'] }] });
    expect(await at.output('argocd.cluster_list', {})).toMatchObject({ clusters: [{ name: 'in-cluster' }] });
    expect(await at.read('argocd.app_get', { application: 'ghost' })).toMatchObject({ status: 'error', code: 'forbidden' });
  });

  it('syncs a revision, shows the next as a difference, and rolls back to the deployment before', async () => {
    // The first deployment has nothing to go back to: a plan of it would be refused.
    await expect(perform(at, 'argocd.sync', { ...app, revision: first })).rejects.toThrow('there would be no way back');
    expect(await state()).toMatchObject({ sync: 'Synced', health: 'Healthy', deployedRevision: first, historyId: 0 });
    expect(await at.output('argocd.app_logs', { ...app, tail: 5 })).toMatchObject({ text: expect.stringContaining('listening on :8080') });
    second = await argo.commit('registry.example/shop/web:1.1.0');
    // Argo CD notes the time of a comparison in seconds: another one within the same second looks like none.
    const { reconciledAt } = await state();
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(Date.parse(reconciledAt ?? '') + 1_000), { timeout: 5_000 });
    await perform(at, 'argocd.refresh', app);
    await at.reaches('argocd.app_get', app, [{ pointer: '/revision', op: 'eq', value: second }]);
    const dry = await at.dryRun('argocd.sync', { ...app, revision: second });
    expect(at.observationOf(dry).stdout).toContain('shop/web:1.1.0');
    expect(await state()).toMatchObject({ deployedRevision: first, operation: { phase: 'Succeeded' } });
    const { undo } = await perform<ApplicationState>(at, 'argocd.sync', { ...app, revision: second });
    expect(undo).toEqual({ operation: 'argocd.rollback', input: { ...app, toId: 0, revision: first } });
    await perform(at, 'argocd.rollback', { ...app, toId: 0, revision: first });
    expect(await state()).toMatchObject({ deployedRevision: first, historyId: 2 });
    expect(await at.output('argocd.app_history', app)).toMatchObject({
      deployments: [{ id: 2, revision: first }, { id: 1 }, { id: 0, by: 'writer' }],
    });
  });

  it('does the same without an API server, through the cluster', async () => {
    const { kubeconfig } = argo;
    const core = await createTestSite({ argocd: { transport: 'core', kubeconfig } });
    expect(await core.output('argocd.app_list', {})).toMatchObject({ applications: [{ name: 'web', health: 'Healthy' }] });
    expect(await core.output('argocd.app_get', app)).toEqual(await state());
    expect(await core.output('argocd.app_diff', app)).toMatchObject({ text: expect.stringContaining('shop/web:1.1.0') });
    expect(await core.output('argocd.app_presence', { application: 'ghost' })).toMatchObject({ exists: false });
    const { undo } = await perform<ApplicationState>(core, 'argocd.sync', { ...app, revision: second });
    expect(undo).toEqual({ operation: 'argocd.rollback', input: { ...app, toId: 2, revision: first } });
    await perform(core, 'argocd.rollback', { ...app, toId: 2, revision: first });
    expect(await state()).toMatchObject({ deployedRevision: first });
    const readOnly = await createTestSite({ argocd: { transport: 'core', kubeconfig: { read: kubeconfig.read, write: kubeconfig.read } } });
    expect(await readOnly.write('argocd.refresh', app)).toMatchObject({ status: 'error', code: 'forbidden' });
    // Its own server would say yes to everything.
    expect(await core.rights()).toEqual([]);
  });

  it('turns automated sync on, and off again', async () => {
    await performAndUndo(at, 'argocd.set_auto_sync', { ...app, on: true, selfHeal: true });
    expect(await state()).toMatchObject({ autoSync: { on: false, prune: false, selfHeal: false } });
  });

  it('ends an operation that is under way', async () => {
    const waits = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'wait', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
    };
    const spec = { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'wait', image: 'registry.example/wait:1' }] } } };
    await argo.commit('registry.example/shop/web:1.2.0', { ...waits, spec });
    const operation = { sync: { revision: 'main', syncStrategy: { hook: {} } }, initiatedBy: { username: 'somebody' } };
    await cluster.kubectl(['patch', 'application/web', '--namespace=argocd', '--type=merge', `--patch=${JSON.stringify({ operation })}`]);
    await at.reaches('argocd.app_get', app, [{ pointer: '/operation/running', op: 'eq', value: true }], 30_000);
    await perform(at, 'argocd.terminate_op', app);
    expect(await state()).toMatchObject({ operation: { running: false, phase: 'Failed' } });
  });

  it('refuses what the account for reads may not do, and a server that is away', async () => {
    const { read } = argo.tokens;
    const argocd = { server: argo.server, transport: 'plaintext', token: { read, write: read } } as const;
    const readOnly = await createTestSite({ argocd });
    expect(await readOnly.write('argocd.app_delete', app)).toMatchObject({ status: 'error', code: 'forbidden' });
    const away = await createTestSite({ argocd: { ...argocd, server: '127.0.0.1:1' } });
    expect(await away.read('argocd.app_list', {})).toMatchObject({ status: 'error', code: 'unreachable' });
    const missing = await createTestSite({ argocd: { ...argocd, token: { read: '/nonexistent', write: '/nonexistent' } } });
    expect(await missing.read('argocd.app_list', {})).toMatchObject({ status: 'error', code: 'context_unknown' });
  });

  it('deletes an application, and leaves what it deployed where that is asked for', async () => {
    await perform(at, 'argocd.app_delete', { ...app, cascade: false });
    expect(await cluster.kubectl(['get', 'deployments', '--namespace=apps', '--output=name'])).toContain('deployment.apps/web');
  });
});
