import type { ControlPlane } from '../control-plane.ts';
import { until } from '../processes.ts';
import { type Fault, faults, service, web } from './faults.ts';

/** Nodes that take nothing, each for a reason of its own. */
const closedNodes = [
  { name: 'node-2', labels: { pool: 'closed' }, spec: { unschedulable: true } },
  { name: 'node-3', labels: { pool: 'tainted' }, spec: { taints: [{ key: 'sick', value: 'yes', effect: 'NoSchedule' }] } },
].map(({ name, labels, spec }) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec,
}));

const clusterWide: ReadonlySet<string> = new Set(['PersistentVolume', 'ValidatingWebhookConfiguration']);

export async function createIn(cluster: ControlPlane, namespace: string, objects: readonly object[]): Promise<void> {
  const placed = objects.map((object) => {
    const { metadata, kind } = object as { metadata: object; kind: string };
    return { ...object, metadata: clusterWide.has(kind) ? metadata : { ...metadata, namespace } };
  });
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [space, ...placed] }));
}

async function podNames(cluster: ControlPlane, namespace: string): Promise<string[]> {
  const names = await cluster.kubectl(['get', 'pods', `--namespace=${namespace}`, '-o=jsonpath={.items[*].metadata.name}']);
  return names.split(' ').filter(Boolean);
}

/** How far the clock of the nodes is ahead of ours. */
const skewMs = 10 * 60_000;

/** What the kubelet would write: kwok only knows pods that run, and images that cannot be pulled. */
export async function playKubelet(
  cluster: ControlPlane,
  namespace: string,
  { status, event }: Pick<Fault, 'status' | 'event'>,
): Promise<void> {
  if (status === undefined) return;
  await until(`pods of ${namespace} run`, 60_000, async () => {
    const phases = await cluster.kubectl(['get', 'pods', `--namespace=${namespace}`, '-o=jsonpath={.items[*].status.phase}']);
    return phases.includes('Running') ? true : undefined;
  });
  for (const name of await podNames(cluster, namespace)) {
    const patch = `--patch=${JSON.stringify({ status })}`;
    await cluster.kubectl(['patch', `pod/${name}`, `--namespace=${namespace}`, '--subresource=status', '--type=strategic', patch]);
    if (event === undefined) continue;
    const now = new Date(Date.now() + skewMs).toISOString().replace(/\.\d+Z$/, 'Z');
    const about = { involvedObject: { kind: 'Pod', name, namespace }, firstTimestamp: now, lastTimestamp: now, count: 3, type: 'Warning' };
    await cluster.apply(
      JSON.stringify({ apiVersion: 'v1', kind: 'Event', metadata: { name: `${name}.1`, namespace }, ...about, ...event }),
    );
  }
}

/** Every fault in a namespace of its own, and a namespace `healthy` beside them. */
export async function plantAll(cluster: ControlPlane): Promise<void> {
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: closedNodes }));
  for (const { name, objects } of faults) await createIn(cluster, name, objects);
  await createIn(cluster, 'healthy', [web({}, {}, 2), service()]);
  for (const fault of faults) await playKubelet(cluster, fault.name, fault);
}
