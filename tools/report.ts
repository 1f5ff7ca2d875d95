import { z } from 'zod';
import { Sha256, SiteName, ToolErrorCode } from './contract.ts';

/** Rights of an account in a report. */
export const mostRights = 40;

/** What an account may do in a system, as the system says. */
export const AccountRights = z.strictObject({
  system: z.string().max(50),
  account: z.enum(['read', 'write']),
  rights: z.array(z.string().max(200)).max(mostRights),
  /** Rights left out. */
  omitted: z.number().int().nonnegative(),
  /** Why the rights are not known, or not all; null: they are. */
  problem: z.strictObject({ code: ToolErrorCode, message: z.string().max(300) }).nullable(),
});
export type AccountRights = z.infer<typeof AccountRights>;

/** What a runner says of itself: with another registry than the caller's it refuses writes. */
export const RunnerReport = z.strictObject({
  site: SiteName,
  /** One per process. */
  runner: z.string().min(1).max(100),
  registry: Sha256,
  /** Programs that were found; the version is null where a program does not say it. */
  programs: z.array(z.strictObject({ name: z.string().max(50), version: z.string().max(50).nullable() })).max(50),
  /** Empty until it has asked. */
  permissions: z.array(AccountRights).max(40).default([]),
});
export type RunnerReport = z.infer<typeof RunnerReport>;
