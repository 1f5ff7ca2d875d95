import { z } from 'zod';
import { read } from '../operation.ts';
import { boundedText, Text, textOf } from '../text.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload } from './kubectl.ts';

export const rolloutTemplate = read({
  name: 'kubernetes.rollout_template',
  summary: 'The pod template of one revision of a workload',
  input: Workload.extend({ revision: z.int().positive() }),
  output: Text,
  command: (input, site) =>
    kubectl(site, ['rollout', 'history', ref(input), `--namespace=${input.namespace}`, `--revision=${input.revision}`]),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: kubectlTimeoutMs,
  permissions: [
    'get deployments.apps',
    'get statefulsets.apps',
    'get daemonsets.apps',
    'list replicasets.apps',
    'list controllerrevisions.apps',
  ],
});
