import type { Finding } from '../../contracts/finding.ts';
import { bounded } from '../bounded.ts';
import { type ContainerFailure, containerFailure } from '../container-failure.ts';
import { goodRevision } from '../good-revision.ts';
import type { SeenPod, SeenRollout, Snapshot } from '../snapshot.ts';

interface Failing extends SeenPod {
  readonly failure: ContainerFailure;
}

const words: Record<ContainerFailure['cause'], { title: string; mechanism: string; refutedBy: string }> = {
  image_pull_failure: {
    title: 'cannot pull its image',
    mechanism: 'the kubelet cannot pull the image of the new pod template, so no pod of it starts',
    refutedBy: 'The same image is pulled by another pod now.',
  },
  container_config_error: {
    title: 'cannot create its container',
    mechanism: 'the new pod template asks for configuration that the kubelet cannot provide, so no pod of it starts',
    refutedBy: 'The missing object exists, and the container was created since.',
  },
  crash_loop: {
    title: 'crashes on start',
    mechanism: 'the containers of the new pod template exit with an error soon after their start and are restarted again and again',
    refutedBy: 'The containers of the revision before crash with the same error.',
  },
};

/** What `kubectl logs --timestamps` puts before each line. */
const timestamp = /^\d{4}-\d\d-\d\dT\S+ /;

/** The end of a log, where programs say why they give up; of a long line its end as well. */
function lastWords(snapshot: Snapshot, { site, pod }: SeenPod): { observation: string; words: string } | null {
  const log = snapshot.logs.find(
    (candidate) => candidate.site === site && candidate.namespace === pod.namespace && candidate.pod === pod.name,
  );
  const line = log?.text.trim().split('\n').at(-1)?.replace(timestamp, '') ?? '';
  if (log === undefined || line === '') return null;
  return { observation: log.observation, words: line.length > 200 ? `… ${line.slice(-200)}` : line };
}

function finding(snapshot: Snapshot, rollout: SeenRollout, failing: readonly Failing[], first: Failing): Finding {
  const { state, site, namespace, name, kind } = rollout;
  const good = goodRevision(state);
  const { title, mechanism, refutedBy } = words[first.failure.cause];
  const log = lastWords(snapshot, first);
  const logEdge =
    log === null
      ? []
      : [{ observation: log.observation, relation: 'supports' as const, excerpt: bounded(`its log ends: ${log.words}`, 500) }];
  return {
    id: `failing-revision:${site}/${namespace}/${name}/${state.uid}/${state.revision}`,
    analyzer: 'failing-revision',
    title: bounded(`Revision ${state.revision} of ${name} ${title}`, 200),
    mechanism: `${failing.length} of its pods fail: ${mechanism}.`,
    entity: { site, kind, namespace, name },
    cause: first.failure.cause,
    confidence: good?.proven === true ? 0.95 : 0.85,
    refutedBy,
    edges: [
      { observation: first.observation, relation: 'supports', excerpt: bounded(`${first.pod.name}: ${first.failure.excerpt}`, 500) },
      {
        observation: rollout.observation,
        relation: 'supports',
        excerpt: `revision ${state.revision} is current, ${state.replicas.available} of ${state.replicas.desired} replicas are available`,
      },
      ...logEdge,
    ],
    facts: { workloadKind: kind, revision: state.revision, ...(good === null ? {} : { goodRevision: good.revision }) },
  };
}

/** The pods of a workload's current revision fail to start or crash. */
export function failingRevision(snapshot: Snapshot): readonly Finding[] {
  return snapshot.rollouts.flatMap((rollout) => {
    const current = rollout.state.revisions.find(({ revision }) => revision === rollout.state.revision);
    const pods = snapshot.pods.filter(
      ({ site, pod }) => site === rollout.site && pod.namespace === rollout.namespace && pod.owner?.name === current?.name,
    );
    const failing = pods.flatMap((seen): Failing[] => {
      const failure = containerFailure(seen.pod);
      return failure === null ? [] : [{ ...seen, failure }];
    });
    const first = failing[0];
    return first === undefined ? [] : [finding(snapshot, rollout, failing, first)];
  });
}
