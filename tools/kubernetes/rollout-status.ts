import { z } from 'zod';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload } from './kubectl.ts';

const Status = z.object({ complete: z.boolean(), message: z.string() });

/** An exceeded progress deadline is a failure of the call, as kubectl has it. */
export const rolloutStatus = read({
  name: 'kubernetes.rollout_status',
  summary: "Whether a workload's rollout is complete, in kubectl's words",
  input: Workload,
  output: Status,
  command: (input, site) => kubectl(site, ['rollout', 'status', ref(input), `--namespace=${input.namespace}`, '--watch=false']),
  parse: ({ stdout }) => ({ complete: /successfully rolled out|roll out complete/.test(stdout), message: stdout.trim().slice(0, 1000) }),
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get deployments.apps', 'get statefulsets.apps', 'get daemonsets.apps'],
});
