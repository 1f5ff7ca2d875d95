import { stringify } from 'yaml';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { annotate } from './annotate.ts';
import { apiResources } from './api-resources.ts';
import { apply } from './apply.ts';
import { canI } from './can-i.ts';
import { cordon, uncordon } from './cordon.ts';
import { deleteObject } from './delete.ts';
import { deletePod } from './delete-pod.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { drain } from './drain.ts';
import { events } from './events.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { nodePods } from './node-pods.ts';
import { nodeState } from './node-state.ts';
import { objectState } from './object-state.ts';
import { podState } from './pod-state.ts';
import { program } from './program.ts';
import { clusterRole } from './rbac.ts';
import { rights } from './rights.ts';
import { rolloutHistory } from './rollout-history.ts';
import { rolloutRestart } from './rollout-restart.ts';
import { rolloutState } from './rollout-state.ts';
import { rolloutStatus } from './rollout-status.ts';
import { rolloutTemplate } from './rollout-template.ts';
import { rolloutUndo } from './rollout-undo.ts';
import { scale } from './scale.ts';
import { setImage } from './set-image.ts';
import { setResources } from './set-resources.ts';
import { top } from './top.ts';
import { weaknesses } from './weaknesses.ts';
import { workloads } from './workloads.ts';

const operations: readonly AnyOperation[] = [
  annotate,
  apiResources,
  apply,
  canI,
  cordon,
  deleteObject,
  deletePod,
  describe,
  diff,
  drain,
  events,
  get,
  logs,
  nodePods,
  nodeState,
  objectState,
  podState,
  rolloutHistory,
  rolloutRestart,
  rolloutState,
  rolloutStatus,
  rolloutTemplate,
  rolloutUndo,
  scale,
  setImage,
  setResources,
  top,
  uncordon,
  weaknesses,
  workloads,
];

export const system = defineSystem({
  name: 'kubernetes',
  title: 'Kubernetes',
  operations,
  programs: [program],
  rights,
  role: { title: 'Kubernetes RBAC', text: (name, permissions) => stringify(clusterRole(name, [{ permissions }])) },
  secrets: ({ kubeconfig }) => ({ kubeconfigs: [kubeconfig] }),
});
