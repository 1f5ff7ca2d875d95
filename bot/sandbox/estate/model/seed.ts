import { randomBytes } from 'node:crypto';
import type { Scenario } from '../scenarios/scenario.ts';
import { advance } from './advance.ts';
import { imageOf } from './faults.ts';
import { nextUid, nextVersion, templateHash } from './identity.ts';
import { observeSeries } from './metrics.ts';
import { type Condition, type DeploymentState, type EstateState, type PodState, simulationLabel, type Template } from './state.ts';
import { applyEvent } from './writes.ts';

const hour = 3_600_000;

/** What runs before the scenario starts. checkout has come to 1.7.1 by seven revisions. */
const workloads = [
  { name: 'frontend', replicas: 3, tags: ['2.4.0', '2.4.1'], port: 8080 },
  { name: 'checkout', replicas: 4, tags: ['1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0', '1.7.1'], port: 8080 },
  { name: 'cart', replicas: 2, tags: ['3.0.2', '3.1.0'], port: 8080 },
  { name: 'payment', replicas: 2, tags: ['5.2.0', '5.3.0'], port: 8080 },
  { name: 'catalog', replicas: 2, tags: ['4.0.0', '4.1.3'], port: 8080 },
] as const;

/** The shop as the scenario leaves it at `now`: an hour of quiet, then what the scenario lets happen, played by the model's own rules. */
export function seed(scenario: Scenario, now: number): EstateState {
  const start = now - hour;
  const state = empty(scenario.name);
  for (const workload of workloads) addDeployment(state, workload.name, workload.replicas, workload.tags, workload.port, start);
  addRedis(state, start);
  for (const name of [...workloads.map((workload) => workload.name), 'redis']) addService(state, name, name === 'redis' ? 6379 : 80, start);
  observeSeries(state, start);
  advance(state, start + 60_000);
  for (const { agoSeconds, event } of scenario.events) {
    const at = now - agoSeconds * 1000;
    advance(state, at);
    applyEvent(state, event, at);
  }
  advance(state, now);
  addReleases(state, now);
  return state;
}

function empty(scenario: string): EstateState {
  const token = () => randomBytes(18).toString('base64url');
  return {
    scenario,
    resourceVersion: 1000,
    counter: 0,
    tokens: { read: token(), write: token() },
    certificateRefused: false,
    deployments: [],
    replicaSets: [],
    statefulSets: [],
    pods: [],
    services: [],
    events: [],
    annotations: {},
    segments: [],
    ledger: [],
    helm: [],
    argocd: [],
  };
}

function templateOf(name: string, image: string, port: number): Template {
  const env: Record<string, string> = {
    PORT: String(port),
    LOG_LEVEL: 'info',
    ...(name === 'checkout' ? { PAYMENT_URL: 'http://payment.shop.svc' } : {}),
  };
  return { labels: { app: name, ...simulationLabel }, annotations: {}, container: { name, image, port, env, memoryLimitMi: 256 } };
}

function addDeployment(state: EstateState, name: string, replicas: number, tags: readonly string[], port: number, at: number): void {
  const createdAt = at - 90 * 24 * hour;
  const templates = tags.map((tag) => templateOf(name, imageOf(name, tag), port));
  templates.forEach((template, index) => {
    const hash = templateHash(template);
    state.replicaSets.push({
      name: `${name}-${hash}`,
      uid: nextUid(state),
      deployment: name,
      hash,
      createdAt: createdAt + index * 10 * 24 * hour,
      generation: 1,
      resourceVersion: nextVersion(state),
      replicas: 0,
      revision: index + 1,
      changeCause: `release ${tags[index]}`,
      template,
    });
  });
  const template = structuredClone(templates.at(-1) as Template);
  const condition = (reason: string): Condition => ({ status: 'True', reason, message: '', transitionAt: at, updatedAt: at });
  const deployment: DeploymentState = {
    name,
    uid: nextUid(state),
    createdAt,
    generation: tags.length,
    observedGeneration: tags.length,
    resourceVersion: nextVersion(state),
    replicas,
    template,
    maxSurge: 1,
    maxUnavailable: Math.floor(replicas / 2),
    progressDeadlineSeconds: 120,
    revision: tags.length,
    changeCause: `release ${tags.at(-1)}`,
    reconcileAt: at,
    progressedAt: at,
    available: condition('MinimumReplicasAvailable'),
    progressing: condition('NewReplicaSetAvailable'),
  };
  state.deployments.push(deployment);
}

function addRedis(state: EstateState, at: number): void {
  const template = templateOf('redis', imageOf('redis', '7.4'), 6379);
  const set = {
    name: 'redis',
    uid: nextUid(state),
    createdAt: at - 90 * 24 * hour,
    resourceVersion: nextVersion(state),
    replicas: 1,
    template,
  };
  state.statefulSets.push(set);
  const pod: PodState = {
    name: 'redis-0',
    uid: nextUid(state),
    owner: { kind: 'StatefulSet', name: set.name, uid: set.uid },
    hash: null,
    createdAt: at,
    resourceVersion: nextVersion(state),
    template,
    ip: '10.244.0.5',
    fault: null,
    stage: 'pending',
    readyAt: null,
    attempts: 0,
    deletedAt: null,
  };
  state.pods.push(pod);
}

function addService(state: EstateState, name: string, port: number, at: number): void {
  const clusterIP = `10.96.0.${20 + state.services.length}`;
  state.services.push({ name, uid: nextUid(state), createdAt: at - 90 * 24 * hour, resourceVersion: nextVersion(state), clusterIP, port });
}

/** Helm and Argo CD both know checkout's rollouts, newest last. */
function addReleases(state: EstateState, now: number): void {
  const sets = state.replicaSets.filter((set) => set.deployment === 'checkout');
  const newest = sets.length - 1;
  state.helm = sets.map((set, index) => ({
    revision: index + 1,
    updatedAt: Math.min(set.createdAt, now),
    status: index === newest ? 'deployed' : 'superseded',
    appVersion: set.template.container.image.split(':').at(-1) ?? '',
    description: index === 0 ? 'Install complete' : 'Upgrade complete',
  }));
  state.argocd = sets.map((set, index) => ({ id: index, revision: templateHash(set.template).repeat(4), deployedAt: set.createdAt }));
}
