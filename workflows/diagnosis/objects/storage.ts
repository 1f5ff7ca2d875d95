import { z } from 'zod';
import type { Objects } from '../model/index.ts';
import { Meta, type Place, placeOf, Text, Texts } from './common.ts';

const Claim = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    accessModes: z.array(z.string()).nullish(),
    storageClassName: z.string().nullish(),
    resources: z.looseObject({ requests: Texts }).nullish(),
    selector: z
      .looseObject({
        matchLabels: Texts,
        matchExpressions: z.array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(Text).nullish() })).nullish(),
      })
      .nullish(),
    volumeName: z.string().nullish(),
  }),
  status: z.looseObject({ phase: z.string().nullish() }).nullish(),
});

export function claim(value: unknown, place: Place): Partial<Objects> {
  const parsed = Claim.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  return {
    claims: [
      {
        ...placeOf(place, metadata),
        phase: status?.phase ?? 'Pending',
        storageClass: spec.storageClassName ?? null,
        accessModes: spec.accessModes ?? [],
        request: spec.resources?.requests['storage'] ?? null,
        selector: spec.selector?.matchLabels ?? {},
        requirements: (spec.selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({ key, operator, values: values ?? [] })),
        volume: spec.volumeName ?? null,
      },
    ],
  };
}

const Volume = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    capacity: Texts,
    accessModes: z.array(z.string()).nullish(),
    storageClassName: z.string().nullish(),
    claimRef: z.looseObject({ namespace: z.string(), name: z.string() }).nullish(),
  }),
  status: z.looseObject({ phase: z.string().nullish() }).nullish(),
});

export function volume(value: unknown, place: Place): Partial<Objects> {
  const parsed = Volume.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  return {
    volumes: [
      {
        observation: place.observation,
        site: place.site,
        name: metadata.name,
        phase: status?.phase ?? 'Available',
        storageClass: spec.storageClassName ?? '',
        accessModes: spec.accessModes ?? [],
        capacity: spec.capacity['storage'] ?? null,
        labels: metadata.labels,
        claim: spec.claimRef == null ? null : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
      },
    ],
  };
}

const Quota = z.looseObject({ metadata: Meta, status: z.looseObject({ hard: Texts, used: Texts }).nullish() });

export function quota(value: unknown, place: Place): Partial<Objects> {
  const parsed = Quota.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, status } = parsed.data;
  const items = Object.entries(status?.hard ?? {}).map(([resource, hard]) => ({ resource, hard, used: status?.used[resource] ?? '0' }));
  return { quotas: [{ ...placeOf(place, metadata), items }] };
}

const Node = z.looseObject({
  metadata: Meta,
  spec: z
    .looseObject({
      unschedulable: z.boolean().nullish(),
      taints: z.array(z.looseObject({ key: z.string(), value: Text.nullish(), effect: z.string() })).nullish(),
    })
    .nullish(),
  status: z
    .looseObject({
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).nullish(),
      allocatable: Texts,
    })
    .nullish(),
});

const controlPlaneLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

export function node(value: unknown, place: Place): Partial<Objects> {
  const parsed = Node.safeParse(value);
  if (!parsed.success) return {};
  const { metadata, spec, status } = parsed.data;
  const conditions = status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready')?.status;
  return {
    nodes: [
      {
        observation: place.observation,
        site: place.site,
        name: metadata.name,
        ready: ready === 'True' ? true : ready === 'False' ? false : null,
        unschedulable: spec?.unschedulable ?? false,
        controlPlane: controlPlaneLabels.some((label) => label in metadata.labels),
        labels: metadata.labels,
        taints: (spec?.taints ?? []).map(({ key, value: is, effect }) => ({ key, value: is ?? null, effect })),
        ...(status?.allocatable === undefined ? {} : { allocatable: status.allocatable }),
        pressures: conditions.filter(({ type, status: is }) => type.endsWith('Pressure') && is === 'True').map(({ type }) => type),
      },
    ],
  };
}
