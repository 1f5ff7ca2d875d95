import { z } from 'zod';
import { answerOf, count, instant, many, maybe, text, when } from './answer.ts';

const Deployment = z.object({
  id: z.string(),
  status: text,
  taskDefinition: text,
  desiredCount: count,
  pendingCount: count,
  runningCount: count,
  failedTasks: count,
  rolloutState: maybe,
  rolloutStateReason: maybe,
  createdAt: when,
  updatedAt: when,
});

const Answer = z.object({
  services: many(
    z.object({
      serviceArn: z.string(),
      serviceName: z.string(),
      status: text,
      desiredCount: count,
      runningCount: count,
      pendingCount: count,
      taskDefinition: text,
      launchType: text,
      deployments: many(Deployment),
      events: many(z.object({ createdAt: when, message: text })),
      loadBalancers: many(z.object({ targetGroupArn: maybe, containerName: maybe })),
    }),
  ),
});

/** Where a service stands. `primary`: the deployment that is wanted. */
export const EcsService = z.object({
  name: z.string(),
  arn: z.string(),
  status: z.string(),
  desired: z.number().int(),
  running: z.number().int(),
  pending: z.number().int(),
  /** How many of the wanted are not running. */
  lacking: z.number().int(),
  taskDefinition: z.string(),
  launchType: z.string(),
  primary: z.object({ id: z.string(), state: z.string(), reason: z.string(), createdAt: instant }),
  deployments: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      taskDefinition: z.string(),
      desired: z.number().int(),
      running: z.number().int(),
      pending: z.number().int(),
      failed: z.number().int(),
      state: z.string(),
      reason: z.string(),
      updatedAt: instant,
    }),
  ),
  targetGroups: z.array(z.string()),
  /** The last, newest first. */
  events: z.array(z.object({ at: instant, message: z.string() })),
});
export type EcsService = z.infer<typeof EcsService>;

/** A deployment that was never told a state counts as complete once all of its tasks run. */
function stateOf({ rolloutState, runningCount, desiredCount }: z.infer<typeof Deployment>): string {
  return rolloutState ?? (runningCount >= desiredCount ? 'COMPLETED' : 'IN_PROGRESS');
}

export function servicesOf(stdout: string): EcsService[] {
  return answerOf(Answer, stdout).services.map((one) => {
    const primary = one.deployments.find(({ status }) => status === 'PRIMARY');
    return {
      ...{ name: one.serviceName, arn: one.serviceArn, status: one.status, desired: one.desiredCount, running: one.runningCount },
      ...{ pending: one.pendingCount, lacking: Math.max(0, one.desiredCount - one.runningCount) },
      ...{ taskDefinition: one.taskDefinition, launchType: one.launchType },
      primary: {
        ...{ id: primary?.id ?? '', state: primary === undefined ? '' : stateOf(primary) },
        ...{ reason: primary?.rolloutStateReason ?? '', createdAt: primary?.createdAt ?? null },
      },
      deployments: one.deployments.slice(0, 10).map((deployment) => ({
        ...{ id: deployment.id, status: deployment.status, taskDefinition: deployment.taskDefinition, desired: deployment.desiredCount },
        ...{ running: deployment.runningCount, pending: deployment.pendingCount, failed: deployment.failedTasks },
        ...{ state: stateOf(deployment), reason: deployment.rolloutStateReason ?? '', updatedAt: deployment.updatedAt },
      })),
      targetGroups: one.loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
      events: one.events.slice(0, 20).map(({ createdAt, message }) => ({ at: createdAt, message })),
    };
  });
}
