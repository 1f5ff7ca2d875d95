import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { SiteIncomplete, TargetMissing } from '../errors.ts';
import { type CliCommand, read, type SiteFacts, write } from '../operation.ts';
import { boundary, boundaryTimeoutMs, itemOf, one, RoleId, UserId } from './boundary.ts';

const Input = z.strictObject({ role: RoleId, user: UserId });
type Input = z.infer<typeof Input>;

const Role = z.object({
  ...{ id: z.string(), name: z.string().default(''), version: z.number(), created_time: z.string().default('') },
  principal_ids: z.array(z.string()).nullish(),
  grant_strings: z.array(z.string()).nullish(),
});

const RoleMembership = z.object({
  name: z.string(),
  createdAt: z.string(),
  /** Whether that person has it. */
  held: z.boolean(),
  members: z.number(),
  grants: z.string(),
});
type RoleMembership = z.infer<typeof RoleMembership>;

export const roleMember = read({
  name: 'boundary.role_member',
  summary: 'Whether a person has a role, and what it lets people do',
  input: Input,
  output: RoleMembership,
  command: ({ role }, site) => one(site, 'roles', role),
  parse: ({ stdout }, { user }) => {
    const { name, created_time: createdAt, principal_ids, grant_strings } = itemOf(Role, stdout);
    const members = principal_ids ?? [];
    return { name, createdAt, held: members.includes(user), members: members.length, grants: (grant_strings ?? []).join('; ') };
  },
  timeoutMs: boundaryTimeoutMs,
  permissions: ['read role'],
});

const call = ({ role, user }: Input): OperationCall => ({ operation: 'boundary.role_member', input: { role, user } });
const held = (value: boolean): Expectation[] => [{ pointer: '/held', op: 'eq', value }];
const check = (title: string, input: Input, value: boolean) => ({
  ...{ title, ...call(input), expect: held(value), withinSeconds: 30, stableSeconds: 0 },
});

function principals(verb: 'add' | 'remove', { role, user }: Input, site: SiteFacts): CliCommand {
  const command = boundary(site, ['roles', `${verb}-principals`], [`-id=${role}`, `-principal=${user}`]);
  if (site.boundary?.breakGlass.includes(role) !== true)
    throw new SiteIncomplete(`${role} is not one of boundary.breakGlass of site ${site.name}`);
  return command;
}

const common = {
  input: Input,
  output: z.object({}),
  noDryRunReason: 'boundary roles has no dry run',
  parse: () => ({}),
  timeoutMs: boundaryTimeoutMs,
  state: call,
  stateOutput: RoleMembership,
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
};

/** What the role allows is what people approved, and it is the same role. */
function unchanged({ createdAt, grants }: RoleMembership, now: boolean): Expectation[] {
  if (grants === '') throw new TargetMissing('the role lets nobody do anything');
  return [...held(now), { pointer: '/createdAt', op: 'eq', value: createdAt }, { pointer: '/grants', op: 'eq', value: grants }];
}

/**
 * Break-glass: the person then asks Boundary for a session as themselves. A session that were authorized for them with the runner's token
 * would be the runner's in Boundary's own audit, and its credentials would have to pass through here.
 */
export const breakGlass = write({
  name: 'boundary.break_glass',
  tier: 'high',
  summary: 'Let a named person authorize sessions that a role for emergencies allows, until it is taken back',
  ...common,
  command: (input, site) => principals('add', input, site),
  permissions: ['read,add-principals role'],
  preconditions: (_input, before) => unchanged(before, false),
  probe: () => held(true),
  verification: (input) => [check('The person has the role', input, true)],
  rollback: ({ role, user }) => ({ operation: 'boundary.break_glass_end', input: { role, user } }),
});

export const breakGlassEnd = write({
  name: 'boundary.break_glass_end',
  tier: 'medium',
  summary: 'Take a role for emergencies back from a person; sessions that are open go on until they are cancelled',
  ...common,
  command: (input, site) => principals('remove', input, site),
  permissions: ['read,remove-principals role'],
  preconditions: (_input, before) => unchanged(before, true),
  probe: () => held(false),
  verification: (input) => [check('The person has the role no more', input, false)],
  rollback: ({ role, user }) => ({ operation: 'boundary.break_glass', input: { role, user } }),
});
