import { expect, test } from 'vitest';
import type { Probe } from '../contracts/activities.ts';
import { leaders } from '../diagnosis/separate.ts';
import { finding } from '../playbooks/playbooks-testing.ts';
import type { Estate } from '../ports.ts';
import { type Answers, investigated, minutesAgo } from './investigating-testing.ts';

const estate: Estate = {
  sites: [{ name: 'shop', environment: 'production', systems: ['kubernetes', 'prometheus', 'helm'] }],
  services: [
    {
      ...{ name: 'web', site: 'shop', namespace: 'shop', owners: [], errorRateQuery: 'errors', errorRateLimit: 0.05 },
      ...{ verifyWithinSeconds: 60, channel: null },
    },
  ],
  people: [],
};

const meta = (name: string, revision: number, minutes: number) => ({
  ...{ name, namespace: 'shop', uid: name, creationTimestamp: minutesAgo(minutes) },
  annotations: { 'deployment.kubernetes.io/revision': `${revision}` },
});
const template = (image: string) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } });
const web = {
  ...{ kind: 'Deployment', metadata: meta('web', 2, 900) },
  spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: template('web:2') },
  status: { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
};
const replicaSet = (revision: number, minutes: number) => ({
  ...{ kind: 'ReplicaSet', spec: { template: template(`web:${revision}`) } },
  metadata: {
    ...meta(`web-${revision}`, revision, minutes),
    ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'web', controller: true }],
  },
});
const failedRelease = {
  ...{ name: 'backend', namespace: 'shop', revision: '3', updated: minutesAgo(50), status: 'failed', chart: 'backend-1', app_version: '1' },
};

/** `web` was rolled out twenty minutes ago, and a release beside it failed: each may be why requests of `web` fail. */
const tied =
  (before: number): Answers =>
  ({ operation, input }: Probe) => {
    const rate = (value: number) => [{ metric: {}, value: [0, `${value}`] }];
    const vector = (result: unknown) => ({ status: 'success', data: { resultType: 'vector', result } });
    if (operation === 'kubernetes.workloads') return { items: [web, replicaSet(2, 20)] };
    if (operation === 'kubernetes.rollout_state') return { items: [web, replicaSet(1, 900), replicaSet(2, 20)] };
    if (operation === 'kubernetes.events') return { items: [] };
    if (operation === 'kubernetes.get') return { kind: 'List', items: [] };
    if (operation === 'helm.list') return [failedRelease];
    if (operation === 'helm.history') return [];
    if (operation === 'prometheus.alerts') return { status: 'success', data: { alerts: [] } };
    if (input['expr'] !== 'errors') return vector([]);
    return vector(rate(input['time'] === undefined ? 0.4 : before));
  };

const order = async (before: number) => {
  const { findings, rounds } = await investigated(estate, tied(before));
  return { rounds, found: findings.map(({ cause, confidence }) => `${cause} ${confidence}`), findings };
};

test('of two hypotheses that lead together one more read tells which it is not', async () => {
  const { found, findings, rounds } = await order(0.35);
  expect(rounds[1]).toContain('Error rate of web before revision 2');
  expect(found).toEqual(['release_failed 0.6', 'errors_since_rollout 0.36']);
  const rollout = findings[1];
  expect(rollout?.mechanism).toContain('Against it: 35.0 % of the requests failed before revision 2 was rolled out.');
  expect(rollout?.edges.map(({ relation }) => relation)).toEqual(['supports', 'supports', 'contradicts']);
});

test('the one that was tested and held leads, and says by what', async () => {
  const { found, findings } = await order(0.01);
  expect(found).toEqual(['errors_since_rollout 0.7', 'release_failed 0.6']);
  expect(findings[0]?.mechanism).toContain('It was tested: only 1.0 % of the requests failed before revision 2 was rolled out.');
});

test('where one leads alone nothing is separated; at most three are', () => {
  const at = (confidence: number, id: string) => finding({ id, confidence });
  expect(leaders([at(0.9, 'a'), at(0.5, 'b')])).toEqual([]);
  expect(leaders([at(0.9, 'a')])).toEqual([]);
  expect(leaders(['a', 'b', 'c', 'd'].map((id) => at(0.6, id))).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});
