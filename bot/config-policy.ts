import { z } from 'zod';
import { AutonomyRule } from '../policy/contract/autonomy.ts';
import { Timezone } from '../policy/contract/basics.ts';
import { scope, Weekday } from '../policy/contract/calendar.ts';

export const Group = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/),
  members: z.array(z.string()).min(1).describe('Ids of people.'),
});

const Budgets = z.strictObject({
  stepsPerPlan: z.number().int().positive().default(10),
  targetsPerStep: z.number().int().positive().default(5),
  replicasPerStep: z.number().int().nonnegative().default(500).describe('Replicas that one step starts, stops or replaces.'),
  percentPerStep: z.number().int().min(0).max(100).default(100).describe('Part of the workload that one step may touch.'),
  writesPerHour: z.number().int().nonnegative().default(20),
});

const BreakGlass = z.strictObject({
  roles: z
    .array(z.enum(['approver', 'admin']))
    .min(1)
    .default(['approver', 'admin']),
  maxMinutes: z.number().int().min(1).max(60).default(60),
});

export const AutonomySettings = z.strictObject({
  rules: z
    .array(AutonomyRule)
    .max(500)
    .default([])
    .describe('Deny, raise the tier, require more approvals, or run low-tier operations automatically.'),
  approvalMinutes: z.number().int().min(1).max(1440).default(30),
  budgets: Budgets.prefault({}),
  breakGlass: z
    .union([z.literal('off'), BreakGlass])
    .prefault({})
    .describe('Who may run a plan without its approvals, after a fresh login and with a reason.'),
});

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time of day, as 09:30');
const EndTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is a time of day, as 17:30');

const Freeze = z.strictObject({ name: z.string(), ...scope, from: z.iso.datetime(), to: z.iso.datetime() });

const ChangeWindow = z
  .strictObject({
    name: z.string(),
    ...scope,
    days: z.array(Weekday).min(1).max(7).describe('0: Sunday.'),
    from: Time,
    to: EndTime.describe('Before `from`: on the day after.'),
    timezone: Timezone.optional(),
  })
  .refine(({ from, to }) => from !== to, 'a window ends at another time than it starts');

export const Calendar = z.strictObject({
  timezone: Timezone.default('UTC').describe('Name of the IANA database, for windows that name none and for what people read.'),
  freezes: z.array(Freeze).max(500).default([]).describe('Nothing is written from the first instant on, before the second.'),
  windows: z.array(ChangeWindow).max(500).default([]).describe('Where one speaks of a target, writes run inside one of them only.'),
});
