import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { controlPlaneEntity, inTrouble, podEvents } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';
import { refusal } from './scheduling.ts';

/** The scheduler looks at a pod within moments; a pod that it left alone for so many seconds was not seen by it. */
const patience = 30;

/** Pods without a node and without a word of the scheduler: it does not run. */
export function scheduler(snapshot: Snapshot): readonly Finding[] {
  const unplaced = snapshot.pods.filter((seen) => inTrouble(seen) && seen.pod.phase === 'Pending' && seen.pod.node === null);
  const creations = snapshot.events.filter(({ kind, reason }) => kind === 'replicaset' && reason === 'SuccessfulCreate');
  const waiting = unplaced.filter((seen) => {
    const { pod } = seen;
    if (refusal(snapshot, seen) !== null || pod.conditions.some(({ type }) => type === 'PodScheduled')) return false;
    const created = creations.filter(({ message }) => message.includes(pod.name));
    const age = Math.max(0, ...created.flatMap(({ age: seconds }) => seconds ?? []));
    const old = created.length === 0 || age > patience;
    return old && podEvents(snapshot, seen).every(({ reason }) => reason !== 'Scheduled');
  });
  const [first] = waiting;
  if (first === undefined) return [];
  return [
    finding({
      analyzer: 'scheduler',
      cause: 'scheduler_down',
      entity: controlPlaneEntity(snapshot, first.site, 'kube-scheduler'),
      title: 'The scheduler does not look at new pods',
      mechanism: `${waiting.length} pods wait without a node, and the scheduler has not said why: it does not run, or cannot reach the API server.`,
      refutedBy: 'The scheduler recorded an event or a condition of one of these pods.',
      confidence: 0.9,
      evidence: [[first, `${first.pod.name} is Pending without a node and without a condition PodScheduled`]],
      facts: { waiting: waiting.length },
    }),
  ];
}
