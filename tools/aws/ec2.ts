import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound } from '../errors.ts';
import { answerOf, fetched, instant, listed, listOf, many, maybe, NextToken, Tags, text, when } from './answer.ts';
import { awsRead, flag, optional, Regional } from './cli.ts';
import { InstanceId, words } from './names.ts';

const state = z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']);

const Described = z.object({
  InstanceId: z.string(),
  State: z.object({ Name: z.string() }),
  StateReason: z.object({ Message: text }).nullish(),
  InstanceType: text,
  ImageId: text,
  LaunchTime: when,
  Placement: z.object({ AvailabilityZone: text }).nullish(),
  PrivateIpAddress: maybe,
  PublicIpAddress: maybe,
  VpcId: maybe,
  SubnetId: maybe,
  InstanceLifecycle: maybe,
  IamInstanceProfile: z.object({ Arn: text }).nullish(),
  SecurityGroups: many(z.object({ GroupId: text })),
  Tags,
});

const Answer = z.object({
  Reservations: many(z.object({ OwnerId: text, Instances: many(Described) })),
  NextToken,
});

const Instance = z.object({
  id: z.string(),
  account: z.string(),
  state: z.string(),
  stateReason: z.string(),
  type: z.string(),
  image: z.string(),
  launchedAt: instant,
  zone: z.string(),
  privateIp: z.string().nullable(),
  publicIp: z.string().nullable(),
  vpc: z.string().nullable(),
  subnet: z.string().nullable(),
  /** Null: on demand. */
  lifecycle: z.string().nullable(),
  role: z.string().nullable(),
  securityGroups: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
});
type Instance = z.infer<typeof Instance>;

function instancesOf(stdout: string) {
  const { Reservations, NextToken: next } = answerOf(Answer, stdout);
  const items = Reservations.flatMap(({ OwnerId, Instances }) => Instances.map((one) => instanceOf(OwnerId, one)));
  return listed(items, next);
}

function instanceOf(account: string, one: z.infer<typeof Described>): Instance {
  return {
    ...{ id: one.InstanceId, account, state: one.State.Name, stateReason: one.StateReason?.Message ?? '', type: one.InstanceType },
    ...{ image: one.ImageId, launchedAt: one.LaunchTime, zone: one.Placement?.AvailabilityZone ?? '' },
    ...{ privateIp: one.PrivateIpAddress, publicIp: one.PublicIpAddress, vpc: one.VpcId, subnet: one.SubnetId },
    ...{ lifecycle: one.InstanceLifecycle, role: one.IamInstanceProfile?.Arn ?? null, tags: one.Tags },
    securityGroups: one.SecurityGroups.map(({ GroupId }) => GroupId),
  };
}

const Filters = Regional.extend({
  instances: z.array(InstanceId).min(1).max(50).optional(),
  /** Of a tag, exactly. */
  tag: z.strictObject({ key: words(127), value: words(255) }).optional(),
  states: z.array(state).min(1).max(6).optional(),
});

function filtersOf({ tag, states }: z.infer<typeof Filters>): string[] {
  const filters = [
    ...(tag === undefined ? [] : [{ Name: `tag:${tag.key}`, Values: [tag.value] }]),
    ...(states === undefined ? [] : [{ Name: 'instance-state-name', Values: states }]),
  ];
  return filters.length === 0 ? [] : [flag('filters', filters)];
}

export const instances = awsRead({
  name: 'aws.ec2_instances',
  summary: 'Instances by id, tag or state, with where and since when they run',
  input: Filters,
  output: listOf(Instance),
  line: (input) => ['ec2', 'describe-instances', ...optional('instance-ids', input.instances), ...filtersOf(input), fetched],
  parse: ({ stdout }) => instancesOf(stdout),
  permissions: ['ec2:DescribeInstances'],
});

export const OneInstance = Regional.extend({ instance: InstanceId });
export const InstanceState = Instance;

export const instance = awsRead({
  name: 'aws.ec2_instance',
  summary: 'One instance: its state, and since when it runs',
  input: OneInstance,
  output: Instance,
  line: ({ instance: id }) => ['ec2', 'describe-instances', flag('instance-ids', [id])],
  parse: ({ stdout }, input) => {
    const [found] = instancesOf(stdout).items;
    if (found === undefined) throw new NotFound(`there is no instance ${input.instance}`);
    return found;
  },
  permissions: ['ec2:DescribeInstances'],
});

export function instanceStateOf({ region, instance: id }: z.infer<typeof OneInstance>): OperationCall {
  return { operation: 'aws.ec2_instance', input: { ...(region && { region }), instance: id } };
}

const Checked = z.object({ Status: text, Details: many(z.object({ Name: text, Status: text, ImpairedSince: when })) }).nullish();

const Statuses = z.object({
  InstanceStatuses: many(
    z.object({
      InstanceId: z.string(),
      InstanceState: z.object({ Name: text }),
      SystemStatus: Checked,
      InstanceStatus: Checked,
      Events: many(z.object({ Code: text, Description: text, NotBefore: when })),
    }),
  ),
  NextToken,
});

export const instanceStatus = awsRead({
  name: 'aws.ec2_instance_status',
  summary: 'Whether AWS finds instances and their hosts sound, and what it has scheduled for them',
  input: Regional.extend({ instances: z.array(InstanceId).min(1).max(50) }),
  output: listOf(
    z.object({
      id: z.string(),
      state: z.string(),
      system: z.string(),
      instance: z.string(),
      impairedSince: instant,
      events: z.array(z.object({ code: z.string(), description: z.string(), notBefore: instant })),
    }),
  ),
  line: ({ instances: ids }) => ['ec2', 'describe-instance-status', flag('instance-ids', ids), '--include-all-instances'],
  parse: ({ stdout }) => {
    const { InstanceStatuses, NextToken: next } = answerOf(Statuses, stdout);
    return listed(
      InstanceStatuses.map(({ InstanceId: id, InstanceState: { Name }, SystemStatus: system, InstanceStatus: own, Events }) => ({
        ...{ id, state: Name, system: system?.Status ?? '', instance: own?.Status ?? '' },
        impairedSince:
          [...(system?.Details ?? []), ...(own?.Details ?? [])].find((one) => one.ImpairedSince !== null)?.ImpairedSince ?? null,
        events: Events.map(({ Code, Description, NotBefore }) => ({ code: Code, description: Description, notBefore: NotBefore })),
      })),
      next,
    );
  },
  permissions: ['ec2:DescribeInstanceStatus'],
});
