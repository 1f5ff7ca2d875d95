import { z } from 'zod';

/**
 * Kinds that may be applied and deleted, with the version that is written. Nothing that gives rights, holds credentials, extends the
 * API or carries data that a deletion would lose.
 */
const kinds = {
  configmap: { apiVersion: 'v1', kind: 'ConfigMap' },
  service: { apiVersion: 'v1', kind: 'Service' },
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  statefulset: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  daemonset: { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  cronjob: { apiVersion: 'batch/v1', kind: 'CronJob' },
  ingress: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  networkpolicy: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  horizontalpodautoscaler: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  poddisruptionbudget: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
} as const;

type Kind = keyof typeof kinds;

export const ChangeableKind = z.enum(Object.keys(kinds) as [Kind, ...Kind[]]);
export type ChangeableKind = z.infer<typeof ChangeableKind>;

export function typeMetaOf(kind: ChangeableKind): { readonly apiVersion: string; readonly kind: string } {
  return kinds[kind];
}

export const changeableKinds = ChangeableKind.options;
