import type { ContainerSnapshot, ContainerState, PodSnapshot } from '../../../../tools/kubernetes/pod-snapshot.ts';
import type { SeenPod } from '../../../../workflows/diagnosis/model/workload.ts';
import { child, type Described, described, pairs, said } from './describe.ts';

function stateOf(part: Described | undefined): ContainerState | null {
  if (part === undefined || part.value === '') return null;
  const say = (key: string) => said(part.children, key);
  const time = (key: string) => {
    const at = Date.parse(say(key));
    return Number.isNaN(at) ? null : new Date(at).toISOString();
  };
  if (part.value === 'Running') return { kind: 'running', startedAt: time('Started') };
  if (part.value === 'Waiting') return { kind: 'waiting', reason: say('Reason'), message: say('Message') || null };
  return {
    kind: 'terminated',
    reason: say('Reason'),
    message: say('Message') || null,
    exitCode: Number(say('Exit Code') || 0),
    signal: null,
    startedAt: time('Started'),
    finishedAt: time('Finished'),
  };
}

function containers(parts: readonly Described[], key: string, init: boolean): ContainerSnapshot[] {
  return (child(parts, key)?.children ?? []).map(({ key: name, children }) => ({
    name,
    init,
    image: said(children, 'Image'),
    ready: said(children, 'Ready') === 'True',
    restartCount: Number(said(children, 'Restart Count') || 0),
    state: stateOf(child(children, 'State')),
    lastState: stateOf(child(children, 'Last State')),
    limits: Object.fromEntries((child(children, 'Limits')?.children ?? []).map((limit) => [limit.key, limit.value])),
  }));
}

/** What `kubectl describe pod` says, as the product's own read of pods would. */
export function podOf(text: string, site: string, observation: string): SeenPod | null {
  const parts = described(text);
  const name = said(parts, 'Name');
  if (name === '' || child(parts, 'Containers') === undefined) return null;
  const conditions = (child(parts, 'Conditions')?.lines ?? []).slice(1).map((each) => {
    const [type = '', status = ''] = each.split(/\s+/);
    return { type, status };
  });
  const [ownerKind, ownerName] = said(parts, 'Controlled By').split('/');
  const status = said(parts, 'Status');
  const labels = pairs(parts, 'Labels');
  const pod: PodSnapshot = {
    namespace: said(parts, 'Namespace'),
    name,
    uid: name,
    phase: status.split(' ')[0] ?? '',
    reason: said(parts, 'Reason') || null,
    message: said(parts, 'Message') || null,
    ready: conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    deleting: status.startsWith('Terminating'),
    node: said(parts, 'Node').split('/')[0] || null,
    owner: ownerKind === undefined || ownerName === undefined ? null : { kind: ownerKind, name: ownerName },
    templateHash: labels['pod-template-hash'] ?? null,
    startedAt: null,
    containers: [...containers(parts, 'Init Containers', true), ...containers(parts, 'Containers', false)],
    conditions,
  };
  return { observation, site, pod, detail: { labels, ip: said(parts, 'IP') || null, spec: null } };
}
