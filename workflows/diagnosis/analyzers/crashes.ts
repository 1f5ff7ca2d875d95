import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { containerFailure } from '../container-failure.ts';
import { logsOf } from '../logs.ts';
import { inTrouble, onePerOwner, podEntity } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';

/** What an exit code says by itself. Source: the conventions of POSIX shells and signals. */
const codes: Readonly<Record<number, string>> = {
  1: 'it gave up with an error of its own',
  2: 'it was called wrongly',
  126: 'its command cannot be executed',
  127: 'its command does not exist',
  134: 'it aborted',
  137: 'it was killed',
  139: 'it crashed with a segmentation fault',
  143: 'it was asked to end',
};

/** Containers that end again and again, where nothing more is known: of workloads whose rollout was not read. */
export function crashes(snapshot: Snapshot): readonly Finding[] {
  const rolled = new Set(snapshot.rollouts.map(({ site, namespace, name }) => `${site}/${namespace}/${name}`));
  return onePerOwner(snapshot.pods.filter(inTrouble)).flatMap((seen) => {
    const failure = containerFailure(seen.pod);
    const entity = podEntity(seen);
    if (failure?.cause !== 'crash_loop' || rolled.has(`${entity.site}/${entity.namespace}/${entity.name}`)) return [];
    const container = seen.pod.containers.find(({ name }) => name === failure.container);
    const end = container?.lastState ?? container?.state;
    const code = end?.kind === 'terminated' ? end.exitCode : null;
    const log = logsOf(snapshot, seen).at(-1);
    return [
      finding({
        analyzer: 'crashes',
        cause: 'crash_loop',
        entity,
        title: `${entity.name} ends again and again`,
        mechanism: `Its container ${failure.container} ends${code === null ? '' : ` with exit code ${code}`}: ${codes[code ?? -1] ?? 'the reason is its own'}.`,
        refutedBy: 'The container runs for longer than its back-off.',
        confidence: 0.6,
        evidence: [[seen, `${seen.pod.name}: ${failure.excerpt}`], ...(log === undefined ? [] : [[log, log.sample.slice(-400)] as const])],
        facts: code === null ? {} : { exitCode: code },
      }),
    ];
  });
}
