import { z } from 'zod';
import { SiteName } from '../../tools/contract.ts';

export const Role = z.enum(['viewer', 'responder', 'approver', 'admin']);
export type Role = z.infer<typeof Role>;

export const PersonId = z.string().min(1).max(200);
/** Who counts as a requester beside `requester`; questions of before named nobody. */
export const CoRequesters = z.array(PersonId).max(1_000).optional();
export const Roles = z.array(z.string().max(50)).max(20);

/** A group of the configuration, or `owners:SERVICE`. */
export const Group = z.string().min(1).max(300);
/** Groups that a person belongs to now. None unless they are named: nobody belongs to a group by mistake. */
export const Groups = z.array(Group).max(500).default([]);

/** Milliseconds since the epoch. */
export const Milliseconds = z.number().int().nonnegative();
export const Count = z.number().int().nonnegative();

/** A name of the IANA database; whether there is such a zone is checked where the configuration is read. */
export const Timezone = z
  .string()
  .max(100)
  .regex(/^[A-Za-z][A-Za-z0-9+_/-]*$/);

export const Site = z.strictObject({ name: SiteName, environment: z.string().max(100) });
export const ServiceName = z.string().min(1).max(200);
export const Namespace = z.string().max(253);

/** A service token is nobody; the flags bar, whatever the roles are. */
export const Voter = z.strictObject({
  person: PersonId.nullable(),
  roles: Roles,
  groups: Groups,
  serviceToken: z.boolean(),
  foreignTeam: z.boolean(),
  guest: z.boolean(),
  bot: z.boolean(),
  deactivated: z.boolean(),
});
