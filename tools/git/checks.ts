import { z } from 'zod';

const Outcome = z.enum(['passing', 'failing', 'pending']);

/** What a request to merge was tested by, counted. */
export const CheckCounts = z.object({
  /** `none`: there are no checks. */
  verdict: z.enum(['none', 'pending', 'passing', 'failing']),
  passing: z.number().int(),
  failing: z.number().int(),
  pending: z.number().int(),
});
type CheckCounts = z.infer<typeof CheckCounts>;

const Checked = z.object({ name: z.string(), outcome: Outcome, url: z.string().nullable() });
export type Checked = z.infer<typeof Checked>;

export const Checks = CheckCounts.extend({ list: z.array(Checked) });
export type Checks = z.infer<typeof Checks>;

export function countsOf(all: readonly Checked[]): CheckCounts {
  const count = (outcome: string) => all.filter((one) => one.outcome === outcome).length;
  const [passing, failing, pending] = [count('passing'), count('failing'), count('pending')];
  const verdict = all.length === 0 ? 'none' : failing > 0 ? 'failing' : pending > 0 ? 'pending' : 'passing';
  return { verdict, passing, failing, pending };
}

export function checksOf(all: readonly Checked[]): Checks {
  return { ...countsOf(all), list: all.slice(0, 100) };
}
