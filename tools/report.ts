import { z } from 'zod';
import { Sha256, SiteName } from './contract.ts';

/** What a runner says of itself: with another registry than the caller's it refuses writes. */
export const RunnerReport = z.strictObject({
  site: SiteName,
  /** One per process. */
  runner: z.string().min(1).max(100),
  registry: Sha256,
  /** Programs that were found; the version is null where a program does not say it. */
  programs: z.array(z.strictObject({ name: z.string().max(50), version: z.string().max(50).nullable() })).max(50),
});
export type RunnerReport = z.infer<typeof RunnerReport>;
