import { z } from 'zod';
import type { Checked } from '../git/checks.ts';

/** A pipeline as lists have it. */
export const Pipeline = z.object({
  ...{ id: z.number().int(), status: z.string(), ref: z.string(), sha: z.string(), web_url: z.string() },
  ...{ source: z.string().nullish(), created_at: z.string().nullish(), updated_at: z.string().nullish() },
});

export const Job = z.object({
  ...{ id: z.number().int(), name: z.string(), stage: z.string(), status: z.string(), ref: z.string(), web_url: z.string() },
  ...{ allow_failure: z.boolean(), created_at: z.string(), started_at: z.string().nullish(), finished_at: z.string().nullish() },
  failure_reason: z.string().nullish(),
  commit: z.object({ id: z.string() }).nullish(),
  pipeline: z.object({ id: z.number().int() }),
});
export type Job = z.infer<typeof Job>;

export const PipelineSummary = z.object({
  ...{ pipeline: z.number().int(), status: z.string(), source: z.string(), branch: z.string(), commit: z.string(), url: z.string() },
  ...{ createdAt: z.string().nullable(), updatedAt: z.string().nullable() },
});

export function summaryOf({ id, status, source, ref, sha, web_url, created_at, updated_at }: z.infer<typeof Pipeline>) {
  const names = { pipeline: id, status, source: source ?? '', branch: ref, commit: sha, url: web_url };
  return { ...names, createdAt: created_at ?? null, updatedAt: updated_at ?? null };
}

/** What can be run again. */
export const isRetryable = (status: string): boolean => status === 'failed' || status === 'canceled';

/** What is not known to pass does not. A job that waits for a person holds nothing up where it may also fail. */
export function outcomeOf(status: string, mayFail: boolean): Checked['outcome'] {
  if (status === 'success' || status === 'skipped') return 'passing';
  if (status === 'failed' || status === 'canceled') return mayFail ? 'passing' : 'failing';
  return status === 'manual' && mayFail ? 'passing' : 'pending';
}
