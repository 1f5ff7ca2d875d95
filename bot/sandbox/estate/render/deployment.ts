import { counts } from '../model/conditions.ts';
import { type Condition, type DeploymentState, type EstateState, namespace, simulationLabel } from '../model/state.ts';
import { annotated, type KubernetesObject, nonZero, time } from './object.ts';
import { podTemplate } from './template.ts';

export function deploymentObject(state: EstateState, deployment: DeploymentState): KubernetesObject {
  return annotated(state, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      annotations: {
        'deployment.kubernetes.io/revision': String(deployment.revision),
        ...(deployment.changeCause === null ? {} : { 'kubernetes.io/change-cause': deployment.changeCause }),
      },
      creationTimestamp: time(deployment.createdAt),
      generation: deployment.generation,
      labels: { app: deployment.name, ...simulationLabel },
      name: deployment.name,
      namespace,
      resourceVersion: String(deployment.resourceVersion),
      uid: deployment.uid,
    },
    spec: {
      progressDeadlineSeconds: deployment.progressDeadlineSeconds,
      replicas: deployment.replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: deployment.name } },
      strategy: { rollingUpdate: { maxSurge: deployment.maxSurge, maxUnavailable: deployment.maxUnavailable }, type: 'RollingUpdate' },
      template: podTemplate(deployment.template, null),
    },
    status: status(state, deployment),
  });
}

function status(state: EstateState, deployment: DeploymentState): Record<string, unknown> {
  const now = counts(state, deployment);
  return {
    availableReplicas: nonZero(now.ready),
    conditions: [condition('Available', deployment.available), condition('Progressing', deployment.progressing)],
    observedGeneration: deployment.observedGeneration,
    readyReplicas: nonZero(now.ready),
    replicas: nonZero(now.replicas),
    unavailableReplicas: nonZero(Math.max(0, Math.max(now.replicas, deployment.replicas) - now.ready)),
    updatedReplicas: nonZero(now.updated),
  };
}

function condition(type: string, { status, reason, message, transitionAt, updatedAt }: Condition): Record<string, unknown> {
  return { lastTransitionTime: time(transitionAt), lastUpdateTime: time(updatedAt), message, reason, status, type };
}
