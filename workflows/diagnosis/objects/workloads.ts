import { z } from 'zod';
import type { Objects } from '../model/index.ts';
import { Meta, type Place, placeOf, Texts } from './common.ts';
import { podSpec, Templated } from './pod-spec.ts';

const count = z.number().nullish();
const Workload = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    replicas: count,
    selector: z.looseObject({ matchLabels: Texts }).nullish(),
    template: Templated,
    serviceName: z.string().nullish(),
  }),
  status: z.looseObject({ readyReplicas: count, numberReady: count, desiredNumberScheduled: count, observedGeneration: count }).nullish(),
});

export function workload(kind: string, value: unknown, place: Place): Partial<Objects> {
  const parsed = Workload.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  const desired = kind === 'daemonset' ? (status?.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
  return {
    workloads: [
      {
        ...placeOf(place, metadata),
        kind,
        labels: metadata.labels,
        selector: spec.selector?.matchLabels ?? {},
        desired,
        ready: status?.readyReplicas ?? status?.numberReady ?? 0,
        ...((metadata.generation ?? 0) > (status?.observedGeneration ?? 0) ? { unobserved: true } : {}),
        spec: podSpec(spec.template),
        createdAt: metadata.creationTimestamp ?? null,
        serviceName: spec.serviceName ?? null,
      },
    ],
  };
}

const Job = z.looseObject({
  metadata: Meta,
  status: z
    .looseObject({
      failed: count,
      succeeded: count,
      active: count,
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), reason: z.string().nullish(), message: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
});

export function job(value: unknown, place: Place): Partial<Objects> {
  const parsed = Job.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, status } = parsed.data;
  const failed = status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True');
  return {
    jobs: [
      {
        ...placeOf(place, metadata),
        failed: status?.failed ?? 0,
        succeeded: status?.succeeded ?? 0,
        active: status?.active ?? 0,
        failure: failed === undefined ? null : { reason: failed.reason ?? '', message: failed.message ?? '' },
      },
    ],
  };
}

const CronJob = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({ schedule: z.string(), suspend: z.boolean().nullish(), startingDeadlineSeconds: z.number().nullish() }),
  status: z.looseObject({ lastScheduleTime: z.string().nullish() }).nullish(),
});

export function cronJob(value: unknown, place: Place): Partial<Objects> {
  const parsed = CronJob.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  return {
    cronJobs: [
      {
        ...placeOf(place, metadata),
        schedule: spec.schedule,
        suspended: spec.suspend ?? false,
        lastScheduledAt: status?.lastScheduleTime ?? null,
        startingDeadlineSeconds: spec.startingDeadlineSeconds ?? null,
      },
    ],
  };
}

const Autoscaler = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({ scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }), maxReplicas: z.number() }),
  status: z
    .looseObject({
      currentReplicas: count,
      desiredReplicas: count,
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), reason: z.string().nullish(), message: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
});

export function autoscaler(value: unknown, place: Place): Partial<Objects> {
  const parsed = Autoscaler.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  return {
    autoscalers: [
      {
        ...placeOf(place, metadata),
        target: { kind: spec.scaleTargetRef.kind.toLowerCase(), name: spec.scaleTargetRef.name },
        current: status?.currentReplicas ?? 0,
        desired: status?.desiredReplicas ?? 0,
        maximum: spec.maxReplicas,
        conditions: (status?.conditions ?? []).map(({ type, status: is, reason, message }) => ({
          type,
          status: is,
          reason: reason ?? '',
          message: message ?? '',
        })),
      },
    ],
  };
}

const Budget = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({ selector: z.looseObject({ matchLabels: Texts }).nullish() }),
  status: z.looseObject({ disruptionsAllowed: count, expectedPods: count, desiredHealthy: count }).nullish(),
});

export function disruptionBudget(value: unknown, place: Place): Partial<Objects> {
  const parsed = Budget.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  return {
    budgets: [
      {
        ...placeOf(place, metadata),
        selector: spec.selector?.matchLabels ?? {},
        allowed: status?.disruptionsAllowed ?? 0,
        expectedPods: status?.expectedPods ?? 0,
        desiredHealthy: status?.desiredHealthy ?? 0,
      },
    ],
  };
}
