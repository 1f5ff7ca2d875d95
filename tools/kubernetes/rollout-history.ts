import { z } from 'zod';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload } from './kubectl.ts';

/** Oldest first. */
const History = z.object({ revisions: z.array(z.object({ revision: z.number().int(), changeCause: z.string().nullable() })) });

export const rolloutHistory = read({
  name: 'kubernetes.rollout_history',
  summary: 'Revisions of a workload with their change causes',
  input: Workload,
  output: History,
  command: (input, site) => kubectl(site, ['rollout', 'history', ref(input), `--namespace=${input.namespace}`]),
  parse: ({ stdout }) => ({ revisions: stdout.split('\n').flatMap(revisionOf) }),
  timeoutMs: kubectlTimeoutMs,
  permissions: [
    'get deployments.apps',
    'get statefulsets.apps',
    'get daemonsets.apps',
    'list replicasets.apps',
    'list controllerrevisions.apps',
  ],
});

/** `3         kubectl set image …`; `<none>` where nobody gave a cause. Header lines start with no number. */
function revisionOf(line: string): { revision: number; changeCause: string | null }[] {
  const [, revision, cause] = /^([0-9]+)\s+(.*)$/.exec(line) ?? [];
  if (revision === undefined || cause === undefined) return [];
  return [{ revision: Number(revision), changeCause: cause.trim() === '<none>' ? null : cause.trim() }];
}
