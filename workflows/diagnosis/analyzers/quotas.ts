import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { existing } from '../look.ts';
import type { SeenDeclared, SeenQuota } from '../model/cluster.ts';
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
  const found = /exceeded quota: ([^,]+), requested: ([^=,]+)=/.exec(message);
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

/** Objects that are meant to exist, and that a quota keeps out. */
export function quotas(snapshot: Snapshot): readonly Finding[] {
  return snapshot.declared.flatMap((declared) => explain(snapshot, declared));
}
