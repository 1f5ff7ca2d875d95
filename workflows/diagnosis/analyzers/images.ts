import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { inTrouble, onePerOwner, podEntity, podEvents, specOf } from '../look.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

const waiting = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
]);

interface Kind {
  readonly cause: string;
  readonly says: string;
  readonly refutedBy: string;
}

/** In the words of containerd, CRI-O and the registries; the first that fits. */
const kinds: readonly (readonly [RegExp, Kind])[] = [
  [
    // Official images are public: Docker Hub denies access to those that do not exist.
    /docker\.io\/library\/[\s\S]*(access denied|insufficient_scope)/i,
    {
      cause: 'image_not_found',
      says: 'there is no official image of that name',
      refutedBy: 'Docker Hub has the image under that name and tag.',
    },
  ],
  [
    /no such host|name resolution|server misbehaving|lookup \S+: /i,
    {
      cause: 'image_registry_unresolvable',
      says: 'the name of the registry does not resolve',
      refutedBy: 'The name of the registry resolves on the node.',
    },
  ],
  [
    /unauthori[sz]ed|forbidden|\b40[13]\b|authentication required|failed to authorize|authorization failed|access denied|no basic auth/i,
    {
      cause: 'image_unauthorized',
      says: 'the registry wants credentials that the pod does not bring',
      refutedBy: 'The pod names a pull secret that the registry accepts.',
    },
  ],
  [
    /not found|manifest unknown|does not exist|invalid reference|InvalidImageName|parse image|name unknown|no match for platform/i,
    {
      cause: 'image_not_found',
      says: 'the registry has no such image or tag',
      refutedBy: 'The registry has the image under that name and tag.',
    },
  ],
  [
    /timeout|timed out|connection refused|no route to host|unreachable|\bEOF\b|x509|tls:|too many requests|\b(429|5\d\d)\b/i,
    {
      cause: 'image_registry_unreachable',
      says: 'the registry does not answer as it should',
      refutedBy: 'The registry answers on the node.',
    },
  ],
  [
    /ErrImageNeverPull|never pull/i,
    {
      cause: 'image_never_pulled',
      says: 'the node does not have the image, and the pod forbids to pull it',
      refutedBy: 'The node has the image.',
    },
  ],
];

const byTheImage: Kind = {
  cause: 'image_not_found',
  says: 'nobody says why, and other pods run images of the same project with the same pull secrets: this name or tag is not there',
  refutedBy: 'The registry has the image under that name and tag.',
};
const byTheSecrets: Kind = {
  cause: 'image_unauthorized',
  says: 'nobody says why, and the other pods that run images of the same project bring other pull secrets',
  refutedBy: 'The pod names a pull secret that the registry accepts.',
};

const unclear: Kind = {
  cause: 'image_pull_failure',
  says: 'the kubelet does not say why',
  refutedBy: 'The same image is pulled by another pod now.',
};

/** `registry.test/shop/web:1` → `registry.test/shop`: what the images of one project share. */
const projectOf = (image: string) => image.slice(0, Math.max(0, image.lastIndexOf('/')));

/** Nobody says why, and others got their images from the same project in the same way: the registry answers, and lets them in. */
function besides(snapshot: Snapshot, seen: SeenPod, image: string): Kind | null {
  const secrets = (one: SeenPod) => (specOf(snapshot, one)?.pullSecrets ?? []).toSorted().join();
  const project = projectOf(image);
  const others = snapshot.pods.filter(
    (other) =>
      other.site === seen.site &&
      other.pod.namespace === seen.pod.namespace &&
      other.pod.containers.some((one) => one.ready && one.image !== image && projectOf(one.image) === project),
  );
  if (project === '' || others.length === 0) return null;
  return others.some((other) => secrets(other) === secrets(seen)) ? byTheImage : byTheSecrets;
}

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const container = seen.pod.containers.find(({ state }) => state?.kind === 'waiting' && waiting.has(state.reason));
  if (container?.state?.kind !== 'waiting') return [];
  const events = podEvents(snapshot, seen).filter(({ warning }) => warning);
  const event = events.find(({ message }) => /failed to pull image/i.test(message)) ?? events.find(({ message }) => /image/i.test(message));
  const said = [event?.message ?? '', container.state.message ?? '', container.state.reason].join(' ');
  // The name of the image is no part of what went wrong.
  const words = said.replaceAll(container.image, '');
  const told = kinds.find(([pattern]) => pattern.test(words))?.[1];
  const kind = told ?? besides(snapshot, seen, container.image) ?? unclear;
  const entity = podEntity(seen);
  const secrets = specOf(snapshot, seen)?.pullSecrets ?? [];
  return [
    finding({
      analyzer: 'images',
      cause: kind.cause,
      entity,
      title: `${entity.name} cannot pull its image`,
      mechanism: `The kubelet cannot pull ${container.image}: ${kind.says}. No container of it starts.`,
      refutedBy: kind.refutedBy,
      confidence: told === undefined ? 0.7 : 0.95,
      evidence: [
        [seen, `${seen.pod.name}: ${container.state.reason} ${container.state.message ?? ''}`],
        ...(event === undefined ? [] : [[event, event.message.slice(-480)] as const]),
      ],
      facts: { image: container.image, pullSecrets: secrets.length },
    }),
  ];
}

/** Images that cannot be pulled, by cause. */
export function images(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter(inTrouble)).flatMap((seen) => explain(snapshot, seen));
}
