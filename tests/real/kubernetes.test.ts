import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Expectation } from '../../tools/contract.ts';
import type { NodePods } from '../../tools/kubernetes/node-pods.ts';
import type { ObjectState } from '../../tools/kubernetes/object-state.ts';
import type { PodState } from '../../tools/kubernetes/pod-state.ts';
import type { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { perform, performAndUndo } from './perform.ts';
import { createTestSite, type TestSite } from './site.ts';

const good = 'registry.example/shop/web:1.0.0';
const broken = 'registry.example/shop/web:broken';
const web = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;

let cluster: ControlPlane;
let site: TestSite;

beforeAll(async () => {
  cluster = await startControlPlane();
  site = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig } });
  await cluster.kubectl(['create', 'namespace', 'shop']);
});

afterAll(() => cluster?.stop());

async function deploy(): Promise<void> {
  await cluster.kubectl(['delete', 'deployment/web', '--namespace=shop', '--ignore-not-found', '--cascade=foreground']);
  await cluster.kubectl(['create', 'deployment', 'web', `--image=${good}`, '--replicas=2', '--namespace=shop']);
  await cluster.kubectl(['rollout', 'status', 'deployment/web', '--namespace=shop', '--timeout=30s']);
}

/** Two ready pods of `good`, in revision 1. kwok loses a pod's event now and then: that is no finding about the product. */
beforeEach(async () => {
  await deploy().catch(deploy).catch(deploy);
});

const state = (): Promise<RolloutState> => site.output('kubernetes.rollout_state', web);

/** Asks until the rollout is the one expected, and complete. */
async function settled(...expectations: Expectation[]): Promise<RolloutState> {
  const complete: Expectation = { pointer: '/complete', op: 'eq', value: true };
  return (await site.reaches('kubernetes.rollout_state', web, [complete, ...expectations])) as RolloutState;
}

async function breakIt(): Promise<RolloutState> {
  await cluster.kubectl(['set', 'image', 'deployment/web', `web=${broken}`, '--namespace=shop']);
  const asked: Expectation[] = [
    { pointer: '/images/web', op: 'eq', value: broken },
    { pointer: '/revision', op: 'eq', value: 2 },
    { pointer: '/replicas/updated', op: 'gt', value: 0 },
  ];
  await site.reaches('kubernetes.rollout_state', web, asked);
  await podWaiting('ImagePullBackOff');
  return state();
}

async function podWaiting(reason: string): Promise<void> {
  await site.reaches('kubernetes.events', { namespace: 'shop' }, [{ pointer: '/events/0', op: 'ne', value: null }]);
  const waiting = '{.items[*].status.containerStatuses[*].state.waiting.reason}';
  await expect
    .poll(() => cluster.kubectl(['get', 'pods', '--namespace=shop', `-o=jsonpath=${waiting}`]), { timeout: 30_000 })
    .toContain(reason);
}

describe('reads', () => {
  it('get returns the object without the copy that apply keeps', async () => {
    const { objects } = await site.output<{ objects: { metadata: { name: string } }[] }>('kubernetes.get', web);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['web']);
  });

  it('get picks pods by label', async () => {
    const { objects } = await site.output<{ objects: unknown[] }>('kubernetes.get', {
      kind: 'pod',
      namespace: 'shop',
      selector: 'app=web',
    });
    expect(objects).toHaveLength(2);
  });

  it('describe tells the image', async () => {
    const { text } = await site.output<{ text: string }>('kubernetes.describe', web);
    expect(text).toContain(good);
  });

  it('events show the failed pull', async () => {
    await breakIt();
    const { events } = await site.output<{ events: { reason: string; type: string }[] }>('kubernetes.events', { namespace: 'shop' });
    expect(events).toContainEqual(expect.objectContaining({ reason: 'Failed', type: 'Warning' }));
  });

  it('logs are what the container printed', async () => {
    const pod = (await cluster.kubectl(['get', 'pods', '--namespace=shop', '-o=jsonpath={.items[0].metadata.name}'])).trim();
    const { text } = await site.output<{ text: string }>('kubernetes.logs', { namespace: 'shop', pod });
    expect(text).toContain('listening on :8080');
  });

  it('rollout status and history follow a change', async () => {
    expect(await site.output('kubernetes.rollout_status', web)).toMatchObject({ complete: true });
    await breakIt();
    expect(await site.output('kubernetes.rollout_status', web)).toMatchObject({ complete: false });
    const { revisions } = await site.output<{ revisions: { revision: number }[] }>('kubernetes.rollout_history', web);
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2]);
  });

  it('says what the credentials for reads may do, and what the server knows', async () => {
    expect(await site.output('kubernetes.can_i', { verb: 'list', resource: 'pods', namespace: 'shop' })).toEqual({ allowed: true });
    expect(await site.output('kubernetes.can_i', { verb: 'get', resource: 'secrets' })).toEqual({ allowed: false });
    const known = await site.output<{ resources: unknown[] }>('kubernetes.api_resources', {});
    expect(known.resources).toContainEqual({ name: 'deployments', apiVersion: 'apps/v1', kind: 'Deployment', namespaced: true });
    expect(await site.output('kubernetes.node_state', { node: 'node-1' })).toMatchObject({ ready: true, unschedulable: false });
  });

  it('says what in a namespace is less safe than it could be', async () => {
    await cluster.kubectl(['create', 'namespace', 'weak']);
    const container = { name: 'tool', image: 'registry.example/tool:1', securityContext: { privileged: true } };
    const spec = { nodeName: 'node-1', hostPID: true, containers: [container], volumes: [{ name: 'run', hostPath: { path: '/run' } }] };
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tool', namespace: 'weak' }, spec }));
    const everybody = [
      'create',
      'rolebinding',
      'everything',
      '--namespace=weak',
      '--clusterrole=cluster-admin',
      '--serviceaccount=weak:default',
    ];
    await cluster.kubectl(everybody);
    const { weaknesses } = await site.output<{ weaknesses: { what: string; name: string }[] }>('kubernetes.weaknesses', {
      namespace: 'weak',
    });
    expect(weaknesses.map(({ what, name }) => [what, name])).toEqual([
      ['bound_to_all', 'everything'],
      ['privileged', 'tool'],
      ['host_namespace', 'tool'],
      ['host_path', 'tool'],
      ['default_account', 'tool'],
    ]);
    // A pod that nothing manages stands on this node: the drain below would rightly refuse to take it away.
    await cluster.kubectl(['delete', 'pod', 'tool', '--namespace=weak', '--now', '--wait']);
  });

  it('top reports what the containers use', async () => {
    await site.reaches('kubernetes.top', { namespace: 'shop' }, [{ pointer: '/containers/0/container', op: 'eq', value: 'web' }], 90_000);
    const { containers } = await site.output<{ containers: { cpu: number; memory: number }[] }>('kubernetes.top', { namespace: 'shop' });
    expect(containers[0]).toMatchObject({ memory: 64 * 1024 ** 2 });
  });
});

describe('kubernetes.rollout_undo', () => {
  const toFirst = { ...web, toRevision: 1 };

  it('has the server accept a dry run, and changes nothing', async () => {
    const before = await breakIt();
    const answer = await site.dryRun('kubernetes.rollout_undo', toFirst);
    expect(answer).toMatchObject({ status: 'ok' });
    expect(site.observationOf(answer).stdout).toContain('server dry run');
    expect(await state()).toMatchObject({ generation: before.generation, images: { web: broken } });
  });

  it('returns to the recorded revision, and its rollback returns to the template before', async () => {
    await breakIt();
    const { before, undo } = await perform<RolloutState>(site, 'kubernetes.rollout_undo', toFirst);
    expect(await state()).toMatchObject({ images: { web: good }, complete: true });
    if (undo === null) throw new Error('no rollback');
    expect(await site.write(undo.operation, undo.input)).toMatchObject({ status: 'ok' });
    const asked: Expectation[] = [{ pointer: '/templateHash', op: 'eq', value: before.templateHash }];
    await site.reaches('kubernetes.rollout_state', web, asked);
    expect((await state()).images).toEqual({ web: broken });
  });

  it('answers not_found for a revision that is not recorded', async () => {
    expect(await site.write('kubernetes.rollout_undo', { ...web, toRevision: 99 })).toMatchObject({ status: 'error', code: 'not_found' });
  });
});

describe('other writes', () => {
  it('restart replaces the pods', async () => {
    const pods = async () => (await cluster.kubectl(['get', 'pods', '--namespace=shop', '-o=name'])).trim().split('\n').sort();
    const old = await pods();
    const { undo } = await perform(site, 'kubernetes.rollout_restart', web);
    expect(undo).toBeNull();
    await expect.poll(async () => (await pods()).some((pod) => old.includes(pod)), { timeout: 30_000 }).toBe(false);
  });

  it('scale sets the replicas, and its rollback sets them back', async () => {
    await performAndUndo(site, 'kubernetes.scale', { ...web, replicas: 4 });
    expect((await settled()).replicas).toMatchObject({ desired: 2 });
  });

  it('set image rolls out the image, and its rollback the one before', async () => {
    await performAndUndo(site, 'kubernetes.set_image', { ...web, images: { web: 'registry.example/shop/web:1.0.1' } });
    expect((await state()).images).toEqual({ web: good });
  });

  it('set resources changes one container, and its rollback returns to the revision before', async () => {
    const before = await state();
    await performAndUndo(site, 'kubernetes.set_resources', { ...web, container: 'web', limits: { cpu: '500m', memory: '1Gi' } });
    expect(await state()).toMatchObject({ templateHash: before.templateHash, resources: { web: { limits: {} } } });
  });

  it('a deleted pod is replaced', async () => {
    const name = (await cluster.kubectl(['get', 'pods', '--namespace=shop', '-o=jsonpath={.items[0].metadata.name}'])).trim();
    const { before } = await perform<PodState>(site, 'kubernetes.delete_pod', { namespace: 'shop', name });
    expect(before).toMatchObject({ exists: true, owner: { kind: 'ReplicaSet' }, siblings: { total: 2, ready: 2 } });
  });

  it('annotations are set and removed', async () => {
    await performAndUndo(site, 'kubernetes.annotate', { ...web, annotations: { 'example.com/owner': 'team a; --x' } });
    const { annotations } = await site.output<ObjectState>('kubernetes.object_state', web);
    expect(annotations).not.toHaveProperty('example.com/owner');
  });

  it('a manifest is applied, compared, and taken away again', async () => {
    const target = { kind: 'poddisruptionbudget', namespace: 'shop', name: 'web' };
    const object = {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' } },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    };
    const created = await perform<ObjectState>(site, 'kubernetes.apply', { ...target, object });
    expect(created).toMatchObject({ before: { exists: false }, undo: { operation: 'kubernetes.delete', input: target } });
    const stricter = { ...object, spec: { ...object.spec, minAvailable: 2 } };
    expect(await site.output('kubernetes.diff', { ...target, object: stricter })).toEqual({
      ...{ exists: true, omitted: 0 },
      differences: [{ pointer: '/spec/minAvailable', live: 1, wanted: 2 }],
    });
    await performAndUndo(site, 'kubernetes.apply', { ...target, object: stricter });
    expect(await site.output('kubernetes.diff', { ...target, object })).toMatchObject({ differences: [] });
    await perform(site, 'kubernetes.delete', target);
  });

  it('a deleted deployment comes back as it was', async () => {
    await performAndUndo(site, 'kubernetes.delete', web);
    expect(await settled()).toMatchObject({ images: { web: good }, replicas: { desired: 2, ready: 2 } });
  });

  it('a node is cordoned, drained within budgets, and opened again', async () => {
    const node = { node: 'node-1' };
    await performAndUndo(site, 'kubernetes.cordon', node);
    const { before, undo } = await perform<NodePods>(site, 'kubernetes.drain', node);
    expect(before).toMatchObject({ evictable: 2, unmanaged: 0 });
    expect(undo).toBeNull();
    await perform(site, 'kubernetes.uncordon', node);
    expect(await settled()).toMatchObject({ replicas: { ready: 2 } });
  });
});

describe('refusals', () => {
  it('a write without a grant does not run', async () => {
    const before = await state();
    expect(await site.writeWith(undefined, 'kubernetes.scale', { ...web, replicas: 0 })).toMatchObject({ code: 'grant_missing' });
    expect(await state()).toEqual(before);
  });

  it('a grant runs once, and for its own input only', async () => {
    const input = { ...web, replicas: 3 };
    const grant = await site.grantFor('kubernetes.scale', input);
    expect(await site.writeWith(grant, 'kubernetes.scale', { ...web, replicas: 9 })).toMatchObject({ code: 'grant_invalid' });
    expect(await site.writeWith(grant, 'kubernetes.scale', input)).toMatchObject({ status: 'ok' });
    expect(await site.writeWith(grant, 'kubernetes.scale', input)).toMatchObject({ code: 'grant_claimed' });
  });

  it('the credentials for reads cannot write', async () => {
    const { read } = cluster.kubeconfig;
    const readOnly = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: { read, write: read } } });
    expect(await readOnly.write('kubernetes.scale', { ...web, replicas: 0 })).toMatchObject({ status: 'error', code: 'forbidden' });
    // Of this one kubectl ends with 0.
    const cordoned = await readOnly.write('kubernetes.cordon', { node: 'node-1' });
    expect(cordoned).toMatchObject({ status: 'error', code: 'output_malformed', message: expect.stringContaining('for want of rights') });
    expect((await state()).replicas.desired).toBe(2);
  });

  it('an unknown context is named as such', async () => {
    const lost = await createTestSite({ kubernetes: { context: 'nowhere', kubeconfig: cluster.kubeconfig } });
    expect(await lost.read('kubernetes.rollout_status', web)).toMatchObject({ status: 'error', code: 'context_unknown' });
  });

  it('a workload that does not exist is not found', async () => {
    expect(await site.read('kubernetes.rollout_status', { ...web, name: 'ghost' })).toMatchObject({ status: 'error', code: 'not_found' });
  });
});
