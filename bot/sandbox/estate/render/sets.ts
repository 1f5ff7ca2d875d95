import { podsOf, readyPods } from '../model/controller.ts';
import { templateHash } from '../model/identity.ts';
import { type EstateState, namespace, type ReplicaSetState, type StatefulSetState, simulationLabel } from '../model/state.ts';
import { type KubernetesObject, nonZero, time } from './object.ts';
import { podTemplate } from './template.ts';

export function controlledBy(apiVersion: string, kind: string, owner: { name: string; uid: string }): Record<string, unknown>[] {
  return [{ apiVersion, blockOwnerDeletion: true, controller: true, kind, name: owner.name, uid: owner.uid }];
}

export function replicaSetObject(state: EstateState, set: ReplicaSetState): KubernetesObject {
  const owner = state.deployments.find((deployment) => deployment.name === set.deployment);
  const replicas = podsOf(state, set).length;
  const ready = readyPods(state, set);
  const labels = { ...set.template.labels, 'pod-template-hash': set.hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(owner?.replicas ?? 0),
        'deployment.kubernetes.io/max-replicas': String((owner?.replicas ?? 0) + (owner?.maxSurge ?? 0)),
        'deployment.kubernetes.io/revision': String(set.revision),
        ...(set.changeCause === null ? {} : { 'kubernetes.io/change-cause': set.changeCause }),
      },
      creationTimestamp: time(set.createdAt),
      generation: set.generation,
      labels,
      name: set.name,
      namespace,
      ownerReferences: owner ? controlledBy('apps/v1', 'Deployment', owner) : [],
      resourceVersion: String(set.resourceVersion),
      uid: set.uid,
    },
    spec: {
      replicas: set.replicas,
      selector: { matchLabels: { app: set.deployment, 'pod-template-hash': set.hash } },
      template: podTemplate(set.template, set.hash),
    },
    status: {
      availableReplicas: nonZero(ready),
      fullyLabeledReplicas: nonZero(replicas),
      observedGeneration: set.generation,
      readyReplicas: nonZero(ready),
      replicas,
    },
  };
}

export function statefulSetObject(state: EstateState, set: StatefulSetState): KubernetesObject {
  const ready = readyPods(state, set);
  const revision = `${set.name}-${templateHash(set.template)}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      creationTimestamp: time(set.createdAt),
      generation: 1,
      labels: { ...set.template.labels },
      name: set.name,
      namespace,
      resourceVersion: String(set.resourceVersion),
      uid: set.uid,
    },
    spec: {
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      podManagementPolicy: 'OrderedReady',
      replicas: set.replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: set.name } },
      serviceName: set.name,
      template: podTemplate(set.template, null),
      updateStrategy: { rollingUpdate: { partition: 0 }, type: 'RollingUpdate' },
    },
    status: {
      availableReplicas: ready,
      collisionCount: 0,
      currentReplicas: nonZero(podsOf(state, set).length),
      currentRevision: revision,
      observedGeneration: 1,
      readyReplicas: nonZero(ready),
      replicas: podsOf(state, set).length,
      updateRevision: revision,
      updatedReplicas: nonZero(podsOf(state, set).length),
    },
  };
}

/** The one revision that a StatefulSet of the estate has. */
export function controllerRevisionObject(set: StatefulSetState): KubernetesObject {
  const hash = templateHash(set.template);
  return {
    apiVersion: 'apps/v1',
    data: { spec: { template: { $patch: 'replace', ...podTemplate(set.template, null) } } },
    kind: 'ControllerRevision',
    metadata: {
      creationTimestamp: time(set.createdAt),
      labels: { app: set.name, 'controller.kubernetes.io/hash': hash, ...simulationLabel },
      name: `${set.name}-${hash}`,
      namespace,
      ownerReferences: controlledBy('apps/v1', 'StatefulSet', set),
      resourceVersion: String(set.resourceVersion),
      uid: `${set.uid.slice(0, -1)}0`,
    },
    revision: 1,
  };
}
