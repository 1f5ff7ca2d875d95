import { z } from 'zod';
import { NotFound } from '../errors.ts';
import type { CliCommand, CommandResult } from '../operation.ts';
import { read } from '../operation.ts';
import { answerOf, count, fetched, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { aws, awsRead, awsTimeoutMs, flag, Regional } from './cli.ts';
import { EcsService, servicesOf } from './ecs-service.ts';
import { Arn, Name } from './names.ts';

const InCluster = Regional.extend({ cluster: Name });

export const serviceNames = awsRead({
  name: 'aws.ecs_service_names',
  summary: 'Names of the services in a cluster of ECS',
  input: InCluster,
  output: listOf(z.string()),
  line: ({ cluster }) => ['ecs', 'list-services', flag('cluster', cluster), fetched],
  parse: ({ stdout }) => {
    const { serviceArns, NextToken: next } = answerOf(z.object({ serviceArns: many(z.string()), NextToken }), stdout);
    return listed(
      serviceArns.map((arn) => arn.split('/').at(-1) ?? arn),
      next,
    );
  },
  permissions: ['ecs:ListServices'],
});

export const services = awsRead({
  name: 'aws.ecs_services',
  summary: 'Services of ECS: how many tasks run, their deployments, and what was said of them last',
  input: InCluster.extend({ services: z.array(Name).min(1).max(10) }),
  output: listOf(EcsService).extend({ missing: z.array(z.string()) }),
  line: ({ cluster, services: names }) => ['ecs', 'describe-services', flag('cluster', cluster), flag('services', names)],
  parse: ({ stdout }, input) => {
    const found = servicesOf(stdout);
    return { ...listed(found), missing: input.services.filter((name) => !found.some((one) => one.name === name)) };
  },
  permissions: ['ecs:DescribeServices'],
});

export const OneService = InCluster.extend({ service: Name });
export type OneService = z.infer<typeof OneService>;

export const service = awsRead({
  name: 'aws.ecs_service',
  summary: 'One service of ECS: its tasks, its deployments, and what was said of it last',
  input: OneService,
  output: EcsService,
  line: ({ cluster, service: name }) => ['ecs', 'describe-services', flag('cluster', cluster), flag('services', [name])],
  parse: ({ stdout }, input) => {
    const [found] = servicesOf(stdout);
    if (found === undefined) throw new NotFound(`there is no service ${input.service} in cluster ${input.cluster}`);
    return found;
  },
  permissions: ['ecs:DescribeServices'],
});

const Tasks = z.object({
  tasks: many(
    z.object({
      taskArn: z.string(),
      taskDefinitionArn: text,
      lastStatus: text,
      desiredStatus: text,
      healthStatus: text,
      launchType: text,
      group: text,
      startedAt: when,
      stoppedAt: when,
      stoppedReason: text,
      stopCode: text,
      containers: many(
        z.object({ name: text, image: text, lastStatus: text, exitCode: z.number().nullish(), reason: text, healthStatus: text }),
      ),
    }),
  ),
});

/** Of the answer: overrides hold environment variables, which are not printed at all. */
const taskFields = `{tasks: tasks[].{${[
  'taskArn',
  'taskDefinitionArn',
  'lastStatus',
  'desiredStatus',
  'healthStatus',
  'launchType',
  'group',
  'startedAt',
  'stoppedAt',
  'stoppedReason',
  'stopCode',
]
  .map((name) => `${name}: ${name}`)
  .join(
    ', ',
  )}, containers: containers[].{name: name, image: image, lastStatus: lastStatus, exitCode: exitCode, reason: reason, healthStatus: healthStatus}}}`;

const Task = z.object({
  arn: z.string(),
  definition: z.string(),
  status: z.string(),
  desired: z.string(),
  health: z.string(),
  launchType: z.string(),
  group: z.string(),
  startedAt: instant,
  stoppedAt: instant,
  stoppedReason: z.string(),
  stopCode: z.string(),
  containers: z.array(
    z.object({
      name: z.string(),
      image: z.string(),
      status: z.string(),
      exitCode: z.number().nullable(),
      reason: z.string(),
      health: z.string(),
    }),
  ),
});

const nobody = /InvalidParameterException.*[Tt]asks cannot be empty/;

export const tasks = read({
  name: 'aws.ecs_tasks',
  summary: 'Tasks of a service of ECS, running or lately stopped, with exit codes and reasons',
  input: OneService.extend({ status: z.enum(['RUNNING', 'STOPPED']).default('RUNNING') }),
  output: listOf(Task),
  command: ({ region, cluster, service: name, status }, site): CliCommand => {
    const list = aws(site, region, [
      'ecs',
      'list-tasks',
      flag('cluster', cluster),
      flag('service-name', name),
      flag('desired-status', status),
      '--max-items=100',
    ]);
    const placeholder = '--tasks=TASKS';
    return {
      ...aws(site, region, ['ecs', 'describe-tasks', flag('cluster', cluster), placeholder, flag('query', taskFields)]),
      bound: {
        placeholder,
        command: list,
        value: ({ stdout }) => flag('tasks', answerOf(z.object({ taskArns: many(Arn) }), stdout).taskArns),
      },
    };
  },
  // There are no tasks: that is an answer.
  answers: ({ stderr }) => nobody.test(stderr),
  parse: (result) => listed(tasksOf(result)),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['ecs:ListTasks', 'ecs:DescribeTasks'],
});

function tasksOf({ exitCode, stdout }: CommandResult): z.infer<typeof Task>[] {
  if (exitCode !== 0) return [];
  return answerOf(Tasks, stdout).tasks.map((one) => ({
    ...{
      arn: one.taskArn,
      definition: one.taskDefinitionArn,
      status: one.lastStatus,
      desired: one.desiredStatus,
      health: one.healthStatus,
    },
    ...{ launchType: one.launchType, group: one.group, startedAt: one.startedAt, stoppedAt: one.stoppedAt },
    ...{ stoppedReason: one.stoppedReason, stopCode: one.stopCode },
    containers: one.containers.map(({ name, image, lastStatus, exitCode: code, reason, healthStatus }) => ({
      ...{ name, image, status: lastStatus, exitCode: code ?? null, reason, health: healthStatus },
    })),
  }));
}

const Definition = z.object({
  taskDefinitionArn: z.string(),
  revision: count,
  status: text,
  cpu: maybe,
  memory: maybe,
  taskRoleArn: maybe,
  executionRoleArn: maybe,
  containers: many(
    z.object({
      name: text,
      image: text,
      cpu: count,
      memory: z.number().nullish(),
      essential: z.boolean().nullish(),
      environment: many(z.string()),
      secrets: many(z.string()),
      logs: maybe,
      ports: many(z.number()),
      command: many(z.string()),
    }),
  ),
});

/** Names of environment variables, never their values: those are not printed at all. */
const definitionFields =
  'taskDefinition.{taskDefinitionArn: taskDefinitionArn, revision: revision, status: status, cpu: cpu, memory: memory, taskRoleArn: taskRoleArn, executionRoleArn: executionRoleArn, containers: containerDefinitions[].{name: name, image: image, cpu: cpu, memory: memory, essential: essential, environment: environment[].name, secrets: secrets[].name, logs: logConfiguration.logDriver, ports: portMappings[].containerPort, command: command}}';

export const taskDefinition = awsRead({
  name: 'aws.ecs_task_definition',
  summary: 'A task definition of ECS: images, sizes, roles, and the names of its environment variables',
  input: Regional.extend({ family: Name, revision: z.int().min(1).max(1_000_000).optional() }),
  output: Definition,
  line: ({ family, revision }) => [
    ...(['ecs', 'describe-task-definition', flag('task-definition', revision === undefined ? family : `${family}:${revision}`)] as const),
    flag('query', definitionFields),
  ],
  parse: ({ stdout }) => answerOf(Definition, stdout),
  permissions: ['ecs:DescribeTaskDefinition'],
});
