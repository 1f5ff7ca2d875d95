import type { Expectation } from '../contract.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag } from './cli.ts';
import { OneService } from './ecs.ts';
import { EcsService } from './ecs-service.ts';

function serviceStateOf({ region, cluster, service }: OneService) {
  return { operation: 'aws.ecs_service', input: { ...(region && { region }), cluster, service } };
}

const another = (before: EcsService): Expectation[] => [{ pointer: '/primary/id', op: 'ne', value: before.primary.id }];

export const forceDeployment = write({
  name: 'aws.ecs_force_deployment',
  tier: 'medium',
  summary: 'Replace all tasks of a service of ECS by new ones of the same task definition',
  input: OneService,
  output: Message,
  command: ({ region, cluster, service }, site) =>
    awsWrite(site, region, [
      ...(['ecs', 'update-service', flag('cluster', cluster), flag('service', service), '--force-new-deployment'] as const),
      ...[flag('query', 'service.deployments[0].id')],
    ]),
  noDryRunReason: 'aws ecs update-service has no dry run',
  parse: ({ stdout }) => ({ message: `deployment ${stdout.trim().replaceAll('"', '').slice(0, 200)}` }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['ecs:UpdateService', 'sts:GetCallerIdentity'],
  state: serviceStateOf,
  stateOutput: EcsService,
  preconditions: (_input, before) => [
    { pointer: '/arn', op: 'eq', value: before.arn },
    { pointer: '/status', op: 'eq', value: 'ACTIVE' },
    { pointer: '/taskDefinition', op: 'eq', value: before.taskDefinition },
    { pointer: '/primary/id', op: 'eq', value: before.primary.id },
  ],
  impact: (_input, before) => ({ targets: 1, replicas: before.desired, percent: 100 }),
  probe: (_input, before) => another(before),
  verification: (input, before) => [
    {
      title: `The new deployment of ${input.service} is complete`,
      ...serviceStateOf(input),
      expect: [
        ...another(before),
        { pointer: '/taskDefinition', op: 'eq', value: before.taskDefinition },
        { pointer: '/primary/state', op: 'eq', value: 'COMPLETED' },
        { pointer: '/lacking', op: 'eq', value: 0 },
      ],
      withinSeconds: 600,
      stableSeconds: 15,
    },
  ],
  irreversibleReason: 'tasks that were replaced do not come back; their task definition has not changed',
});
