import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { inTrouble, onePerOwner, podEntity, podEvents } from '../look.ts';
import type { Seen } from '../model/seen.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** In the words of runc and of Linux. */
const missing = /executable file not found|exec: "[^"]*": (stat|no such file|permission denied)|unable to start container process: exec:/i;
const foreign = /exec format error|exec user process caused/i;

interface Said {
  readonly seen: Seen;
  readonly words: string;
  readonly code: number | null;
}

function told(snapshot: Snapshot, pod: SeenPod): Said[] {
  const states = pod.pod.containers
    .flatMap(({ state, lastState }) => [state, lastState])
    .flatMap((one): Said[] => {
      if (one === null || one.kind === 'running') return [];
      return [{ seen: pod, words: `${one.reason}: ${one.message ?? ''}`, code: one.kind === 'terminated' ? one.exitCode : null }];
    });
  const events = podEvents(snapshot, pod).filter(({ warning }) => warning);
  return [...states, ...events.map((event) => ({ seen: event, words: event.message, code: null }))];
}

function explain(snapshot: Snapshot, pod: SeenPod): Finding[] {
  const all = told(snapshot, pod);
  const alien = all.find(({ words }) => foreign.test(words));
  const said = alien ?? all.find(({ words }) => missing.test(words));
  // What shells say where they find no such command, or may not run it.
  const coded = said ?? all.find(({ code }) => code === 127 || code === 126);
  if (coded === undefined) return [];
  const entity = podEntity(pod);
  return [
    finding({
      analyzer: 'commands',
      cause: alien === undefined ? 'command_not_found' : 'image_architecture_mismatch',
      entity,
      title: `${entity.name} ${alien === undefined ? 'is told to run what its image does not have' : 'runs an image of another architecture'}`,
      mechanism:
        alien === undefined
          ? 'The command of the container is not in its image, or may not be executed: the container ends before it began.'
          : 'The program of the image is made for another processor than that of the node.',
      refutedBy: alien === undefined ? 'The image has the command at that path.' : 'The image has a variant for the processor of the node.',
      confidence: said === undefined ? 0.7 : 0.92,
      evidence: [
        [pod, `${pod.pod.name} is ${pod.pod.phase}`],
        [coded.seen, `${coded.words}${coded.code === null ? '' : `, exit code ${coded.code}`}`],
      ],
    }),
  ];
}

/** Containers whose command cannot be run. */
export function commands(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter(inTrouble)).flatMap((pod) => explain(snapshot, pod));
}
