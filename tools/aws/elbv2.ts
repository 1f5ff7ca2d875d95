import { z } from 'zod';
import { answerOf, count, fetched, listed, listOf, many, maybe, NextToken, text } from './answer.ts';
import { awsRead, flag, optional, Regional } from './cli.ts';
import { Arn } from './names.ts';

const Groups = z.object({
  TargetGroups: many(
    z.object({
      TargetGroupArn: z.string(),
      TargetGroupName: text,
      Protocol: text,
      Port: count,
      TargetType: text,
      HealthCheckProtocol: text,
      HealthCheckPort: text,
      HealthCheckPath: maybe,
      LoadBalancerArns: many(z.string()),
    }),
  ),
  NextToken,
});

export const targetGroups = awsRead({
  name: 'aws.elbv2_target_groups',
  summary: 'Target groups, all or those of one load balancer, and how their targets are checked',
  input: Regional.extend({ loadBalancer: Arn.optional() }),
  output: listOf(
    z.object({
      arn: z.string(),
      name: z.string(),
      protocol: z.string(),
      port: z.number(),
      targetType: z.string(),
      healthCheck: z.string(),
      loadBalancers: z.array(z.string()),
    }),
  ),
  line: ({ loadBalancer }) => ['elbv2', 'describe-target-groups', ...optional('load-balancer-arn', loadBalancer), fetched],
  parse: ({ stdout }) => {
    const { TargetGroups, NextToken: next } = answerOf(Groups, stdout);
    return listed(
      TargetGroups.map((one) => ({
        ...{ arn: one.TargetGroupArn, name: one.TargetGroupName, protocol: one.Protocol, port: one.Port, targetType: one.TargetType },
        healthCheck: `${one.HealthCheckProtocol} ${one.HealthCheckPort} ${one.HealthCheckPath ?? ''}`.trim(),
        loadBalancers: one.LoadBalancerArns,
      })),
      next,
    );
  },
  permissions: ['elasticloadbalancing:DescribeTargetGroups'],
});

const Health = z.object({
  TargetHealthDescriptions: many(
    z.object({
      Target: z.object({ Id: z.string(), Port: count, AvailabilityZone: maybe }),
      TargetHealth: z.object({ State: text, Reason: text, Description: text }),
    }),
  ),
});

export const targetHealth = awsRead({
  name: 'aws.elbv2_target_health',
  summary: 'Targets of a target group, those in trouble first, and why they are',
  input: Regional.extend({ targetGroup: Arn }),
  output: listOf(
    z.object({
      id: z.string(),
      port: z.number(),
      zone: z.string().nullable(),
      state: z.string(),
      reason: z.string(),
      description: z.string(),
    }),
  ).extend({ healthy: z.number().int(), unhealthy: z.number().int() }),
  line: ({ targetGroup }) => ['elbv2', 'describe-target-health', flag('target-group-arn', targetGroup)],
  parse: ({ stdout }) => {
    const targets = answerOf(Health, stdout).TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
      ...{ id: Target.Id, port: Target.Port, zone: Target.AvailabilityZone },
      ...{ state: TargetHealth.State, reason: TargetHealth.Reason, description: TargetHealth.Description },
    }));
    const healthy = targets.filter((target) => target.state === 'healthy').length;
    const sorted = targets.toSorted((a, b) => Number(a.state === 'healthy') - Number(b.state === 'healthy'));
    return { ...listed(sorted), healthy, unhealthy: targets.length - healthy };
  },
  permissions: ['elasticloadbalancing:DescribeTargetHealth'],
});
