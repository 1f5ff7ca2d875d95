import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { existing, inTrouble, isCut, lacking, podsOf } from '../look.ts';
import type { SeenDeclared, SeenQuota } from '../model/cluster.ts';
import type { SeenWorkload } from '../model/workload.ts';
import { quantity } from '../quantity.ts';
import type { Snapshot } from '../snapshot.ts';

/** What kind of thing a resource of a quota counts. */
function causeOf(resource: string): string {
  if (/storage|persistentvolumeclaims/.test(resource)) return 'quota_storage';
  if (/cpu/.test(resource)) return 'quota_cpu';
  if (/memory/.test(resource)) return 'quota_memory';
  if (/services/.test(resource)) return 'quota_services';
  return /pods/.test(resource) ? 'quota_pods' : 'quota_objects';
}

/** Source: kubernetes/plugin/pkg/admission/resourcequota/controller.go. */
export function quotaOf(message: string): { name: string; resource: string; cause: string } | null {
  const found =
    /exceeded quota: ([^,]+), requested: ([^=,]+)=/.exec(message) ??
    // A quota of a resource refuses every pod that does not say how much of it it wants.
    /failed quota: ([^:]+): must specify ([^,;\s]+)/.exec(message);
  if (found === null) return null;
  const [, name = '', resource = ''] = found;
  return { name, resource, cause: causeOf(resource) };
}

/** The kinds of which a quota counts the objects. */
const counted: Readonly<Record<string, RegExp>> = {
  service: /^(count\/)?services(\.|$)/,
  persistentvolumeclaim: /storage|persistentvolumeclaims$/,
  configmap: /configmaps$/,
  secret: /secrets$/,
};

function full(item: SeenQuota['items'][number], missing: SeenDeclared): boolean {
  const used = quantity(item.used);
  const hard = quantity(item.hard);
  if (used === null || hard === null) return false;
  const asked = item.resource.includes('storage') ? (quantity(missing.storage ?? null) ?? 0) : 1;
  return used + asked > hard;
}

function explain(snapshot: Snapshot, missing: SeenDeclared): Finding[] {
  const pattern = counted[missing.kind];
  if (pattern === undefined || existing(snapshot, missing.site, missing.kind, missing.namespace)?.has(missing.name) !== false) return [];
  const quotas = snapshot.quotas.filter(({ site, namespace }) => site === missing.site && namespace === missing.namespace);
  return quotas.flatMap((quota) =>
    quota.items
      .filter((item) => pattern.test(item.resource) && full(item, missing))
      .map((item) =>
        finding({
          analyzer: 'quotas',
          cause: causeOf(item.resource),
          entity: { site: quota.site, kind: 'namespace', namespace: quota.namespace, name: quota.namespace },
          title: `The quota ${quota.name} of ${quota.namespace} is exhausted: ${item.resource}`,
          mechanism: `The ${missing.kind} ${missing.name} is meant to exist and does not: the quota ${quota.name} leaves no room for it.`,
          refutedBy: 'The quota has room for it.',
          confidence: 0.95,
          evidence: [
            [quota, `${item.resource}: ${item.used} of ${item.hard} used`],
            [missing, `${missing.kind} ${missing.name} is declared`],
          ],
          facts: { quota: quota.name, resource: item.resource, missing: missing.name },
        }),
      ),
  );
}

const bare = (resource: string) => resource.replace(/^(requests|limits)\./, '');

/** How much of a resource of a quota one more pod would take; null: it says nothing of it. */
function askedBy({ spec }: SeenWorkload, resource: string): number | null {
  if (/^(count\/)?pods$/.test(resource)) return 1;
  if (!/^((requests|limits)\.)?(cpu|memory)$/.test(resource) || spec === null) return null;
  const from = resource.startsWith('limits.') ? 'limits' : 'requests';
  const parts = spec.containers.map((container) => quantity(container[from][bare(resource)] ?? null));
  return parts.every((part) => part === null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** A workload that lacks pods and has none that waits: where nobody tells of a refusal, a quota without room for one more does. */
function refused(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const waiting = podsOf(snapshot, workload).filter(inTrouble);
  const told = snapshot.events.some(
    ({ site, namespace, reason }) => site === workload.site && namespace === workload.namespace && reason === 'FailedCreate',
  );
  const partly = isCut(snapshot, workload.site, 'pod', workload.namespace);
  if (waiting.length > 0 || told || partly || workload.spec === null) return [];
  const quotas = snapshot.quotas.filter(({ site, namespace }) => site === workload.site && namespace === workload.namespace);
  const [first] = quotas.flatMap((quota) =>
    quota.items.flatMap((item) => {
      const [asked, used, hard] = [askedBy(workload, item.resource), quantity(item.used), quantity(item.hard)];
      return asked !== null && used !== null && hard !== null && used + asked > hard ? [{ quota, item }] : [];
    }),
  );
  if (first === undefined) return [];
  const { quota, item } = first;
  return [
    finding({
      analyzer: 'quotas',
      cause: causeOf(item.resource),
      entity: { site: quota.site, kind: 'namespace', namespace: quota.namespace, name: quota.namespace },
      title: `The quota ${quota.name} of ${quota.namespace} is exhausted: ${item.resource}`,
      mechanism: `${workload.name} has ${workload.ready} of ${workload.desired} replicas and no pod that waits, and the quota ${quota.name} has no room for one more.`,
      refutedBy: 'The quota has room for a pod of it.',
      confidence: 0.85,
      evidence: [
        [quota, `${item.resource}: ${item.used} of ${item.hard} used`],
        [workload, `${workload.ready} of ${workload.desired} replicas are ready`],
      ],
      facts: { quota: quota.name, resource: item.resource, workload: workload.name },
    }),
  ];
}

/** Objects that are meant to exist, and that a quota keeps out. */
export function quotas(snapshot: Snapshot): readonly Finding[] {
  return [
    ...snapshot.declared.flatMap((declared) => explain(snapshot, declared)),
    ...lacking(snapshot).flatMap((workload) => refused(snapshot, workload)),
  ];
}
