import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound } from '../errors.ts';
import { answerOf, count, fetched, instant, listed, listOf, many, maybe, NextToken, Tags, text, when } from './answer.ts';
import { awsRead, flag, optional, Regional } from './cli.ts';
import { words } from './names.ts';

const GroupName = words(255);

const Answer = z.object({
  AutoScalingGroups: many(
    z.object({
      AutoScalingGroupName: z.string(),
      AutoScalingGroupARN: text,
      MinSize: count,
      MaxSize: count,
      DesiredCapacity: count,
      Status: maybe,
      HealthCheckType: text,
      AvailabilityZones: many(z.string()),
      TargetGroupARNs: many(z.string()),
      Instances: many(z.object({ InstanceId: z.string(), LifecycleState: text, HealthStatus: text, AvailabilityZone: text })),
      SuspendedProcesses: many(z.object({ ProcessName: text })),
      Tags,
    }),
  ),
  NextToken,
});

export const Group = z.object({
  name: z.string(),
  arn: z.string(),
  min: z.number().int(),
  max: z.number().int(),
  desired: z.number().int(),
  /** Healthy, and in service. */
  inService: z.number().int(),
  /** Null: as it should be; else e.g. that it is being deleted. */
  status: z.string().nullable(),
  healthCheck: z.string(),
  zones: z.array(z.string()),
  targetGroups: z.array(z.string()),
  /** Processes that somebody has stopped, e.g. `Launch`. */
  suspended: z.array(z.string()),
  instances: z.array(z.object({ id: z.string(), lifecycle: z.string(), health: z.string(), zone: z.string() })),
  tags: z.record(z.string(), z.string()),
});
export type Group = z.infer<typeof Group>;

function groupsOf(stdout: string) {
  const { AutoScalingGroups, NextToken: next } = answerOf(Answer, stdout);
  return listed(AutoScalingGroups.map(groupOf), next);
}

function groupOf(one: z.infer<typeof Answer>['AutoScalingGroups'][number]): Group {
  return {
    ...{ name: one.AutoScalingGroupName, arn: one.AutoScalingGroupARN, min: one.MinSize, max: one.MaxSize, desired: one.DesiredCapacity },
    inService: one.Instances.filter(({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy')
      .length,
    ...{ status: one.Status, healthCheck: one.HealthCheckType, zones: one.AvailabilityZones, targetGroups: one.TargetGroupARNs },
    suspended: one.SuspendedProcesses.map(({ ProcessName }) => ProcessName),
    instances: one.Instances.slice(0, 200).map(({ InstanceId, LifecycleState, HealthStatus, AvailabilityZone }) => ({
      ...{ id: InstanceId, lifecycle: LifecycleState, health: HealthStatus, zone: AvailabilityZone },
    })),
    tags: one.Tags,
  };
}

export const groups = awsRead({
  name: 'aws.asg_groups',
  summary: 'Auto Scaling groups: sizes, instances, and what is suspended',
  input: Regional.extend({ groups: z.array(GroupName).min(1).max(50).optional() }),
  output: listOf(Group),
  line: ({ groups: names }) => ['autoscaling', 'describe-auto-scaling-groups', ...optional('auto-scaling-group-names', names), fetched],
  parse: ({ stdout }) => groupsOf(stdout),
  permissions: ['autoscaling:DescribeAutoScalingGroups'],
});

export const OneGroup = Regional.extend({ group: GroupName });

export const group = awsRead({
  name: 'aws.asg_group',
  summary: 'One Auto Scaling group: its sizes and instances',
  input: OneGroup,
  output: Group,
  line: ({ group: name }) => ['autoscaling', 'describe-auto-scaling-groups', flag('auto-scaling-group-names', [name])],
  parse: ({ stdout }, input) => {
    const [found] = groupsOf(stdout).items;
    if (found === undefined) throw new NotFound(`there is no Auto Scaling group ${input.group}`);
    return found;
  },
  permissions: ['autoscaling:DescribeAutoScalingGroups'],
});

export function groupStateOf({ region, group: name }: z.infer<typeof OneGroup>): OperationCall {
  return { operation: 'aws.asg_group', input: { ...(region && { region }), group: name } };
}

const Activities = z.object({
  Activities: many(z.object({ StatusCode: text, Description: text, Cause: text, StatusMessage: text, StartTime: when, EndTime: when })),
  NextToken,
});

export const activities = awsRead({
  name: 'aws.asg_activities',
  summary: 'What an Auto Scaling group did lately, and why, newest first',
  input: OneGroup,
  output: listOf(
    z.object({ status: z.string(), description: z.string(), cause: z.string(), message: z.string(), startedAt: instant, endedAt: instant }),
  ),
  line: ({ group: name }) => ['autoscaling', 'describe-scaling-activities', flag('auto-scaling-group-name', name), '--max-items=100'],
  parse: ({ stdout }) => {
    const { Activities: all, NextToken: next } = answerOf(Activities, stdout);
    return listed(
      all.map(({ StatusCode, Description, Cause, StatusMessage, StartTime, EndTime }) => ({
        ...{ status: StatusCode, description: Description, cause: Cause, message: StatusMessage, startedAt: StartTime, endedAt: EndTime },
      })),
      next,
    );
  },
  permissions: ['autoscaling:DescribeScalingActivities'],
});
