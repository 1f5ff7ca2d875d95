import { z } from 'zod';
import type { Objects } from './model/index.ts';
import type { Kept } from './observed.ts';

const Releases = z.object({
  releases: z.array(z.object({ name: z.string(), namespace: z.string(), revision: z.number(), updated: z.string(), status: z.string() })),
});

/** `2026-01-02 03:04:05.678901234 +0000 UTC`, as helm writes it. */
function instant(text: string): number {
  return Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,3})?\d* ([+-]\d\d)(\d\d)\b.*$/, '$1T$2$3$4:$5'));
}

function ageOf(text: string | null, at: Date): number | null {
  const then = text === null ? Number.NaN : instant(text);
  return Number.isNaN(then) ? null : Math.max(0, (at.getTime() - then) / 1_000);
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
