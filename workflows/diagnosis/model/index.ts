import type { SeenChange } from './change.ts';
import type {
  SeenClaim,
  SeenCut,
  SeenDeclared,
  SeenInventory,
  SeenNode,
  SeenNodeService,
  SeenQuota,
  SeenVolume,
  SeenWebhook,
} from './cluster.ts';
import type { SeenDelivery } from './delivery.ts';
import type { SeenCall, SeenEndpoints, SeenNetworkPolicy, SeenReach, SeenRoute, SeenService } from './network.ts';
import type { SeenLogTemplate, SeenSignal } from './signals.ts';
import type { SeenFailedTrace, SeenTrace, SeenTraced } from './trace.ts';
import type { SeenAutoscaler, SeenCronJob, SeenDisruptionBudget, SeenEvent, SeenJob, SeenWorkload } from './workload.ts';

/** Everything of the estate beyond pods, rollouts, error rates and raw logs. A list that is empty was not observed, or has nothing. */
export interface Objects {
  readonly workloads: readonly SeenWorkload[];
  readonly events: readonly SeenEvent[];
  readonly jobs: readonly SeenJob[];
  readonly cronJobs: readonly SeenCronJob[];
  readonly autoscalers: readonly SeenAutoscaler[];
  readonly budgets: readonly SeenDisruptionBudget[];
  readonly services: readonly SeenService[];
  readonly endpoints: readonly SeenEndpoints[];
  readonly routes: readonly SeenRoute[];
  readonly networkPolicies: readonly SeenNetworkPolicy[];
  readonly reach: readonly SeenReach[];
  readonly calls: readonly SeenCall[];
  readonly nodes: readonly SeenNode[];
  readonly nodeServices: readonly SeenNodeService[];
  readonly quotas: readonly SeenQuota[];
  readonly claims: readonly SeenClaim[];
  readonly volumes: readonly SeenVolume[];
  readonly inventories: readonly SeenInventory[];
  readonly cuts: readonly SeenCut[];
  readonly declared: readonly SeenDeclared[];
  readonly deliveries: readonly SeenDelivery[];
  readonly changes: readonly SeenChange[];
  readonly webhooks: readonly SeenWebhook[];
  readonly templates: readonly SeenLogTemplate[];
  readonly signals: readonly SeenSignal[];
  readonly failedTraces: readonly SeenFailedTrace[];
  readonly traces: readonly SeenTrace[];
  readonly traced: readonly SeenTraced[];
}

export const noObjects: Objects = {
  workloads: [],
  events: [],
  jobs: [],
  cronJobs: [],
  autoscalers: [],
  budgets: [],
  services: [],
  endpoints: [],
  routes: [],
  networkPolicies: [],
  reach: [],
  calls: [],
  nodes: [],
  nodeServices: [],
  quotas: [],
  claims: [],
  volumes: [],
  inventories: [],
  cuts: [],
  declared: [],
  deliveries: [],
  changes: [],
  webhooks: [],
  templates: [],
  signals: [],
  failedTraces: [],
  traces: [],
  traced: [],
};

/** Adds up parts of the model. */
export function mergeObjects(parts: readonly Partial<Objects>[]): Objects {
  const keys = Object.keys(noObjects) as (keyof Objects)[];
  return Object.fromEntries(keys.map((key) => [key, parts.flatMap((part): readonly unknown[] => part[key] ?? [])])) as unknown as Objects;
}
