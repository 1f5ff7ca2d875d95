/** Everything the estate remembers: plain JSON. Instants are milliseconds since the epoch. */
export interface EstateState {
  scenario: string;
  /** Last version handed out; every change of an object takes the next one. */
  resourceVersion: number;
  /** Seed of uids and pod names, so that a resumed estate never repeats one. */
  counter: number;
  tokens: { read: string; write: string };
  /** True while the payment provider refuses because of its certificate: the cause that no rollout fixes. */
  certificateRefused: boolean;
  deployments: DeploymentState[];
  replicaSets: ReplicaSetState[];
  statefulSets: StatefulSetState[];
  pods: PodState[];
  services: ServiceState[];
  events: EventState[];
  /** What people wrote on objects, by uid. */
  annotations: Record<string, OwnAnnotations>;
  segments: Segment[];
  ledger: LedgerEntry[];
  helm: HelmRevision[];
  argocd: ArgoDeployment[];
}

export interface Template {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  container: { name: string; image: string; port: number; env: Record<string, string>; memoryLimitMi: number };
}

export interface Condition {
  status: 'True' | 'False';
  reason: string;
  message: string;
  transitionAt: number;
  updatedAt: number;
}

export interface DeploymentState {
  name: string;
  uid: string;
  createdAt: number;
  generation: number;
  observedGeneration: number;
  resourceVersion: number;
  replicas: number;
  template: Template;
  maxSurge: number;
  maxUnavailable: number;
  progressDeadlineSeconds: number;
  revision: number;
  changeCause: string | null;
  /** When the controller looks at the object next; null when it has nothing to do. */
  reconcileAt: number | null;
  /** When the rollout last came nearer to its end. */
  progressedAt: number;
  available: Condition;
  progressing: Condition;
}

export interface ReplicaSetState {
  name: string;
  uid: string;
  deployment: string;
  hash: string;
  createdAt: number;
  generation: number;
  resourceVersion: number;
  replicas: number;
  revision: number;
  changeCause: string | null;
  template: Template;
}

export interface StatefulSetState {
  name: string;
  uid: string;
  createdAt: number;
  resourceVersion: number;
  replicas: number;
  template: Template;
}

export type Fault = { kind: 'crash'; exitCode: number; log: string[] } | { kind: 'image_pull'; message: string };

export interface PodState {
  name: string;
  uid: string;
  owner: { kind: 'ReplicaSet' | 'StatefulSet'; name: string; uid: string };
  hash: string | null;
  createdAt: number;
  resourceVersion: number;
  template: Template;
  ip: string;
  fault: Fault | null;
  stage: 'pending' | 'started' | 'ready';
  /** When the container became ready. */
  readyAt: number | null;
  /** Starts of the container so far. */
  attempts: number;
  deletedAt: number | null;
}

export interface ServiceState {
  name: string;
  uid: string;
  createdAt: number;
  resourceVersion: number;
  clusterIP: string;
  port: number;
}

export interface OwnAnnotations {
  values: Record<string, string>;
  resourceVersion: number;
}

export interface EventState {
  name: string;
  uid: string;
  resourceVersion: number;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  involved: { apiVersion: string; kind: string; name: string; uid: string };
  firstAt: number;
  lastAt: number;
  count: number;
}

/** What the series did from `from` until the next segment: counters per second, gauges as they are. */
export interface Segment {
  from: number;
  counters: SeriesValue[];
  gauges: SeriesValue[];
}

export interface SeriesValue {
  labels: Record<string, string>;
  value: number;
}

/** One write that reached the estate, with the command line that asked for it. */
export interface LedgerEntry {
  at: number;
  program: string;
  argv: string[];
  /** Path of the credentials that were used; null when the environment named none. */
  kubeconfig: string | null;
  dryRun: boolean;
  /** What was written, e.g. `deployments.apps/checkout`. */
  target: string;
  exitCode: number;
}

export interface HelmRevision {
  revision: number;
  updatedAt: number;
  status: 'superseded' | 'deployed';
  appVersion: string;
  description: string;
}

export interface ArgoDeployment {
  id: number;
  revision: string;
  deployedAt: number;
}

export const namespace = 'shop';
export const nodeName = 'simulated-node-1';
export const simulationLabel = { 'watchkeeper.dev/simulation': 'true' } as const;
