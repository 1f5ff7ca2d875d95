import { z } from 'zod';
import { mergeObjects, type Objects } from '../model/index.ts';
import type { Place } from './common.ts';
import { endpointSlice, httpRoute, ingress, networkPolicy, service } from './network.ts';
import { configuredRoutes } from './routes.ts';
import { claim, node, quota, volume } from './storage.ts';
import { webhooks } from './webhooks.ts';
import { autoscaler, cronJob, disruptionBudget, job, workload } from './workloads.ts';

type Reader = (value: unknown, place: Place) => Partial<Objects>;

/** How each kind is read; what is not here is not looked at. */
const readers: Readonly<Record<string, Reader>> = {
  Deployment: (value, place) => workload('deployment', value, place),
  StatefulSet: (value, place) => workload('statefulset', value, place),
  DaemonSet: (value, place) => workload('daemonset', value, place),
  Job: job,
  CronJob: cronJob,
  HorizontalPodAutoscaler: autoscaler,
  PodDisruptionBudget: disruptionBudget,
  Service: service,
  EndpointSlice: endpointSlice,
  Ingress: ingress,
  HTTPRoute: httpRoute,
  NetworkPolicy: networkPolicy,
  ConfigMap: configuredRoutes,
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  ResourceQuota: quota,
  Node: node,
  MutatingWebhookConfiguration: webhooks,
  ValidatingWebhookConfiguration: webhooks,
};

const Kinded = z.looseObject({ kind: z.string() });

/** Kubernetes objects → the model. What cannot be read is left out. */
export function readObjects(values: readonly unknown[], place: Place): Objects {
  return mergeObjects(
    values.map((value) => {
      const parsed = Kinded.safeParse(value);
      return parsed.success ? (readers[parsed.data.kind]?.(value, place) ?? {}) : {};
    }),
  );
}
