import type { z } from 'zod';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag, type Line } from './cli.ts';
import { InstanceState, instanceStateOf, OneInstance } from './ec2.ts';

type Input = z.infer<typeof OneInstance>;

const line = ({ instance }: Input): Line => ['ec2', 'reboot-instances', flag('instance-ids', [instance])];

const wouldHave = /\(DryRunOperation\)/;

export const rebootInstance = write({
  name: 'aws.ec2_reboot_instance',
  tier: 'high',
  summary: 'Reboot an instance; it keeps its addresses and its disks',
  input: OneInstance,
  output: Message,
  command: (input, site) => awsWrite(site, input.region, line(input)),
  dryRun: (input, site) => awsWrite(site, input.region, [...line(input), '--dry-run']),
  // A dry run that would have succeeded is told as an error.
  answers: ({ stderr }) => wouldHave.test(stderr),
  dryRunText: () => 'AWS would reboot it: the request would have succeeded, but for the flag that made it a dry run.',
  parse: () => ({ message: 'accepted' }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['ec2:RebootInstances', 'sts:GetCallerIdentity'],
  state: instanceStateOf,
  stateOutput: InstanceState,
  preconditions: (_input, before) => [
    { pointer: '/id', op: 'eq', value: before.id },
    { pointer: '/state', op: 'eq', value: 'running' },
    { pointer: '/launchedAt', op: 'eq', value: before.launchedAt },
  ],
  impact: () => ({ targets: 1, replicas: 1, percent: 100 }),
  // EC2 does not tell a reboot: when its answer is lost nobody can say that it happened, so this never holds.
  probe: () => [{ pointer: '/rebootedAt', op: 'ne', value: null }],
  verification: ({ region, instance }) => [
    {
      title: `${instance} runs, and AWS finds it sound`,
      operation: 'aws.ec2_instance_status',
      input: { ...(region && { region }), instances: [instance] },
      expect: [
        { pointer: '/items/0/state', op: 'eq', value: 'running' },
        { pointer: '/items/0/instance', op: 'eq', value: 'ok' },
        { pointer: '/items/0/system', op: 'eq', value: 'ok' },
      ],
      withinSeconds: 600,
      stableSeconds: 60,
    },
  ],
  irreversibleReason: 'what was in memory is lost',
});
