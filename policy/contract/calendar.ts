import { z } from 'zod';
import { Milliseconds, ServiceName, Timezone } from './basics.ts';

/** 0: Sunday. */
export const Weekday = z.number().int().min(0).max(6);
export const Minute = z.number().int().min(0).max(1439);

/** Local time by name of the time zone: those that the rules and windows of the same question name. */
export const Clocks = z.record(Timezone, z.strictObject({ day: Weekday, minute: Minute }));
export type Clocks = z.infer<typeof Clocks>;

/** What a freeze or a window speaks of. A list that is left out, or holds `*`, is everything. */
export const scope = {
  sites: z.array(z.string().max(100)).min(1).max(100).optional(),
  environments: z.array(z.string().max(100)).min(1).max(100).optional(),
  services: z
    .array(z.union([ServiceName, z.literal('*')]))
    .min(1)
    .max(500)
    .optional(),
};

/** Nothing is written from `fromMs` on, before `toMs`. `name` and `until` (`toMs` in words) are shown in reasons. */
export const Freeze = z.strictObject({
  name: z.string().max(200),
  ...scope,
  fromMs: Milliseconds,
  toMs: Milliseconds,
  until: z.string().max(100),
});
export type Freeze = z.infer<typeof Freeze>;

/**
 * When writes may run: where windows speak of a target, inside one of them only. Minutes of the local day, end exclusive; one that
 * ends before it starts ends on the day after. `name` and `hours` (the window in words) are shown in reasons.
 */
export const ChangeWindow = z
  .strictObject({
    name: z.string().max(200),
    ...scope,
    days: z.array(Weekday).min(1).max(7),
    fromMinute: Minute,
    toMinute: z.number().int().min(0).max(1440),
    timezone: Timezone,
    hours: z.string().max(200),
  })
  .refine((window) => window.fromMinute !== window.toMinute, 'a window ends at another time than it starts');
export type ChangeWindow = z.infer<typeof ChangeWindow>;
