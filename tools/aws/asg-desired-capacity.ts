import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { resized } from '../impact.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { Group, groupStateOf, OneGroup } from './asg.ts';
import { awsTimeoutMs, awsWrite, flag } from './cli.ts';

const Input = OneGroup.extend({ desired: z.int().min(0).max(1000) });
type Input = z.infer<typeof Input>;

const asAsked = ({ desired }: Input): Expectation[] => [{ pointer: '/desired', op: 'eq', value: desired }];

export const desiredCapacity = write({
  name: 'aws.asg_desired_capacity',
  tier: 'medium',
  summary: 'Set how many instances an Auto Scaling group should have, within its smallest and largest size',
  input: Input,
  output: Message,
  command: ({ region, group, desired }, site) =>
    awsWrite(site, region, [
      ...(['autoscaling', 'set-desired-capacity', flag('auto-scaling-group-name', group), flag('desired-capacity', desired)] as const),
    ]),
  noDryRunReason: 'aws autoscaling set-desired-capacity has no dry run',
  parse: () => ({ message: 'accepted' }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['autoscaling:SetDesiredCapacity', 'sts:GetCallerIdentity'],
  state: groupStateOf,
  stateOutput: Group,
  preconditions: ({ desired }, before) => [
    { pointer: '/arn', op: 'eq', value: before.arn },
    { pointer: '/status', op: 'eq', value: null },
    { pointer: '/desired', op: 'eq', value: before.desired },
    { pointer: '/min', op: 'lte', value: desired },
    { pointer: '/max', op: 'gte', value: desired },
  ],
  impact: ({ desired }, before) => resized(before.desired, desired),
  probe: asAsked,
  verification: (input) => [
    {
      title: `${input.group} has ${input.desired} healthy instances`,
      ...groupStateOf(input),
      expect: [...asAsked(input), { pointer: '/inService', op: 'eq', value: input.desired }],
      withinSeconds: 600,
      stableSeconds: 15,
    },
  ],
  // Instances that went do not come back with what they held: as many others do.
  rollback: ({ region, group }, before) => ({
    operation: 'aws.asg_desired_capacity',
    input: { ...(region && { region }), group, desired: before.desired },
  }),
});
