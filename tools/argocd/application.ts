import { z } from 'zod';
import { beginningOf } from '../text.ts';

const text = z.string().default('');

const Resource = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  /** `Synced`, `OutOfSync` or `Unknown`. */
  status: text,
  health: z.object({ status: z.string().optional(), message: z.string().optional() }).optional(),
  requiresPruning: z.boolean().optional(),
});

const Deployed = z.object({ id: z.number().int(), revision: text, deployedAt: text, initiatedBy: z.object({ username: text }).optional() });

const Automated = z.object({ enabled: z.boolean().optional(), prune: z.boolean().optional(), selfHeal: z.boolean().optional() });

const Operation = z.object({
  ...{ phase: text, message: text, startedAt: text, finishedAt: z.string().nullish() },
  syncResult: z.object({ revision: text }).nullish(),
});

/** The parts of an Application that are read. */
export const ApplicationObject = z.object({
  metadata: z.object({ name: z.string(), namespace: text, uid: z.string(), deletionTimestamp: z.string().nullish() }),
  spec: z.object({
    project: text,
    destination: z.object({ server: z.string().optional(), name: z.string().optional(), namespace: z.string().optional() }).default({}),
    source: z
      .object({ repoURL: text, path: z.string().optional(), chart: z.string().optional(), targetRevision: z.string().optional() })
      .optional(),
    syncPolicy: z.object({ automated: Automated.nullish() }).nullish(),
  }),
  status: z
    .object({
      sync: z.object({ status: text, revision: text }).prefault({}),
      health: z.object({ status: text, message: z.string().optional() }).prefault({}),
      reconciledAt: z.string().nullish(),
      conditions: z.array(z.object({ type: text, message: text })).nullish(),
      history: z.array(Deployed).nullish(),
      operationState: Operation.nullish(),
      resources: z.array(Resource).nullish(),
    })
    .prefault({}),
});
export type ApplicationObject = z.infer<typeof ApplicationObject>;

const State = z.object({ phase: z.string(), message: z.string(), startedAt: z.string(), running: z.boolean() });
const AutoSync = z.object({ on: z.boolean(), prune: z.boolean(), selfHeal: z.boolean() });
export type AutoSync = z.infer<typeof AutoSync>;

/** Where an application stands. */
export const ApplicationState = z.object({
  uid: z.string(),
  project: z.string(),
  source: z
    .object({ repository: z.string(), path: z.string().nullable(), chart: z.string().nullable(), targetRevision: z.string() })
    .nullable(),
  destination: z.object({ cluster: z.string(), namespace: z.string() }),
  sync: z.string(),
  /** What it was compared with. */
  revision: z.string(),
  health: z.string(),
  /** Of the newest deployment; -1 and empty: there was none. */
  historyId: z.number().int(),
  deployedRevision: z.string(),
  /** Revision by id of the deployments that are kept. */
  history: z.record(z.string(), z.string()),
  /** Null: there was none. */
  operation: State.nullable(),
  autoSync: AutoSync,
  reconciledAt: z.string().nullable(),
  conditions: z.array(z.object({ type: z.string(), message: z.string() })),
  resources: z.object({ total: z.number().int(), outOfSync: z.number().int(), unhealthy: z.number().int() }),
});
export type ApplicationState = z.infer<typeof ApplicationState>;

export function stateOf({ metadata, spec, status }: ApplicationObject): ApplicationState {
  const history = status.history ?? [];
  const newest = history.toSorted((a, b) => b.id - a.id)[0];
  const resources = status.resources ?? [];
  return {
    uid: metadata.uid,
    project: spec.project,
    source: sourceOf(spec.source),
    destination: { cluster: spec.destination.name ?? spec.destination.server ?? '', namespace: spec.destination.namespace ?? '' },
    sync: status.sync.status,
    revision: status.sync.revision,
    health: status.health.status,
    historyId: newest?.id ?? -1,
    deployedRevision: newest?.revision ?? '',
    history: Object.fromEntries(history.map(({ id, revision }) => [String(id), revision])),
    operation: operationOf(status.operationState ?? null),
    autoSync: autoSyncOf(spec.syncPolicy?.automated ?? null),
    reconciledAt: status.reconciledAt ?? null,
    conditions: (status.conditions ?? []).map(({ type, message }) => ({ type, message: beginningOf(message, 1000) })),
    resources: {
      total: resources.length,
      outOfSync: resources.filter((resource) => resource.status === 'OutOfSync').length,
      unhealthy: resources.filter(({ health }) => health?.status !== undefined && health.status !== 'Healthy').length,
    },
  };
}

function sourceOf(source: ApplicationObject['spec']['source']): ApplicationState['source'] {
  if (source === undefined) return null;
  const { repoURL: repository, path, chart, targetRevision } = source;
  return { repository, path: path ?? null, chart: chart ?? null, targetRevision: targetRevision ?? 'HEAD' };
}

function operationOf(operation: z.infer<typeof Operation> | null): ApplicationState['operation'] {
  if (operation === null) return null;
  const { phase, message, startedAt } = operation;
  return { phase, message: beginningOf(message, 1000), startedAt, running: phase === 'Running' || phase === 'Terminating' };
}

function autoSyncOf(automated: z.infer<typeof Automated> | null): AutoSync {
  const on = automated !== null && automated.enabled !== false;
  return { on, prune: on && automated?.prune === true, selfHeal: on && automated?.selfHeal === true };
}
