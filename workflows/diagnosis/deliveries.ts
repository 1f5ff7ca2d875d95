import { z } from 'zod';
import type { SeenChange } from './model/change.ts';
import type { SeenDelivery } from './model/delivery.ts';
import type { Objects } from './model/index.ts';
import type { Kept } from './observed.ts';

const Releases = z.object({
  releases: z.array(z.object({ name: z.string(), namespace: z.string(), revision: z.number(), updated: z.string(), status: z.string() })),
});

/** `2026-01-02 03:04:05.678901234 +0000 UTC`, as helm writes it. */
function instant(text: string): number {
  return Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,3})?\d* ([+-]\d\d)(\d\d)\b.*$/, '$1T$2$3$4:$5'));
}

/** Seconds since then; below 0 where that clock is ahead, null where nobody says when. */
export function ageOf(text: string | null, at: Date): number | null {
  const then = text === null ? Number.NaN : instant(text);
  return Number.isNaN(then) ? null : (at.getTime() - then) / 1_000;
}

/** Releases that `helm.list` read. */
export function toldReleases({ id, body }: Kept, at: Date): Partial<Objects> {
  const parsed = Releases.safeParse(body.output);
  if (!parsed.success) return {};
  return {
    deliveries: parsed.data.releases.map(({ name, namespace, revision, updated, status }) => ({
      ...{ observation: id, site: body.site, system: 'helm', namespace, name, revision: String(revision) },
      ...{ status, sync: null, age: ageOf(updated, at) },
    })),
  };
}

const Applications = z.object({
  applications: z.array(
    z.object({
      ...{ name: z.string(), namespace: z.string(), sync: z.string(), health: z.string(), revision: z.string() },
      deployedAt: z.string().nullable(),
    }),
  ),
});

/** Applications that `argocd.app_list` read. */
export function toldApplications({ id, body }: Kept, at: Date): Partial<Objects> {
  const parsed = Applications.safeParse(body.output);
  if (!parsed.success) return {};
  return {
    deliveries: parsed.data.applications.map(({ name, namespace, sync, health, revision, deployedAt }) => ({
      ...{ observation: id, site: body.site, system: 'argocd', namespace, name, revision },
      ...{ status: health, sync, age: ageOf(deployedAt, at) },
    })),
  };
}

type Delivered = Pick<SeenDelivery, 'observation' | 'site' | 'system' | 'namespace' | 'name' | 'revision'>;

const deliverer = { helm: 'Helm', argocd: 'Argo CD' } as const;

/** One delivery as a change. */
export function deliveryChange({ observation, site, system, namespace, name, revision }: Delivered, age: number): SeenChange {
  return {
    ...{ observation, site, kind: 'delivery', source: deliverer[system], age, services: [], url: null },
    entity: { kind: system === 'helm' ? 'release' : 'application', namespace, name },
    words: `${deliverer[system]} delivered ${system === 'helm' ? 'revision ' : ''}${revision.slice(0, 12)} of ${name}`,
  };
}

const History = z.object({ revisions: z.array(z.object({ revision: z.number(), updated: z.string() })) });
const Deployments = z.object({ deployments: z.array(z.object({ revision: z.string(), deployedAt: z.string() })) });

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Earlier deliveries of a release, that `helm.history` read. */
export function toldHistory({ id, body }: Kept, at: Date): readonly SeenChange[] {
  const [namespace, name] = [text(body.input['namespace']), text(body.input['release'])];
  return (History.safeParse(body.output).data?.revisions ?? []).flatMap(({ revision, updated }) => {
    const age = ageOf(updated, at);
    const delivered = { observation: id, site: body.site, system: 'helm' as const, namespace, name, revision: String(revision) };
    return age === null ? [] : [deliveryChange(delivered, age)];
  });
}

/** Earlier deliveries of an application, that `argocd.app_history` read; of one whose namespace no list told, nothing. */
export function toldDeployments({ id, body }: Kept, applications: readonly SeenDelivery[], at: Date): readonly SeenChange[] {
  const name = text(body.input['application']);
  const known = applications.find((one) => one.system === 'argocd' && one.site === body.site && one.name === name);
  if (known === undefined) return [];
  return (Deployments.safeParse(body.output).data?.deployments ?? []).flatMap(({ revision, deployedAt }) => {
    const age = ageOf(deployedAt, at);
    return age === null ? [] : [deliveryChange({ ...known, observation: id, revision }, age)];
  });
}
