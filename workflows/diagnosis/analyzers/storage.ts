import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { eventsAbout, existing, inTrouble, isCut, podEntity, specOf } from '../look.ts';
import type { SeenClaim, SeenVolume } from '../model/cluster.ts';
import { holds } from '../obstacle.ts';
import { quantity } from '../quantity.ts';
import type { Snapshot } from '../snapshot.ts';

type Mismatch = 'volume_class_mismatch' | 'volume_selector_mismatch' | 'volume_access_mode_mismatch' | 'volume_capacity_mismatch';

const words: Record<
  Mismatch | 'volume_provisioning_failed' | 'volume_taken' | 'volume_missing' | 'storage_class_missing' | 'claim_missing',
  string
> = {
  volume_class_mismatch: 'no free volume has its storage class',
  volume_selector_mismatch: 'no free volume has the labels that it selects',
  volume_access_mode_mismatch: 'no free volume offers its access modes',
  volume_capacity_mismatch: 'no free volume is as large as it asks for',
  volume_provisioning_failed: 'its storage class could not make a volume',
  volume_taken: 'the volume that would fit is bound to another claim',
  storage_class_missing: 'its storage class does not exist',
  claim_missing: 'the claim does not exist',
  volume_missing: 'the volume that it names does not exist',
};

const selected = ({ selector, requirements }: SeenClaim, { labels }: SeenVolume) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value) && requirements.every((one) => holds(one, labels));

/** Why the volume cannot be bound to the claim. Source: kubernetes/pkg/controller/volume/persistentvolume/index.go. */
function mismatches(claim: SeenClaim, volume: SeenVolume): Mismatch[] {
  const wanted = quantity(claim.request);
  const offered = quantity(volume.capacity);
  return [
    ...((claim.storageClass ?? '') !== volume.storageClass ? (['volume_class_mismatch'] as const) : []),
    ...(selected(claim, volume) ? [] : (['volume_selector_mismatch'] as const)),
    ...(claim.accessModes.some((mode) => !volume.accessModes.includes(mode)) ? (['volume_access_mode_mismatch'] as const) : []),
    ...(wanted !== null && offered !== null && offered < wanted ? (['volume_capacity_mismatch'] as const) : []),
  ];
}

function reasonOf(snapshot: Snapshot, claim: SeenClaim): { cause: keyof typeof words; volume: SeenVolume | null } | null {
  const events = eventsAbout(snapshot, claim.site, 'persistentvolumeclaim', claim.namespace, claim.name);
  if (events.some(({ reason }) => reason === 'WaitForFirstConsumer')) return null;
  const classes = existing(snapshot, claim.site, 'storageclass', null);
  const unknown = (claim.storageClass ?? '') !== '' && classes !== null && !classes.has(claim.storageClass ?? '');
  // Of the volumes that were not seen one may be the volume that is meant.
  const volumes = isCut(snapshot, claim.site, 'persistentvolume', null) ? [] : snapshot.volumes.filter(({ site }) => site === claim.site);
  const free = volumes.filter(({ phase }) => phase === 'Available');
  const [closest] = free
    .map((volume) => ({ volume, reasons: mismatches(claim, volume) }))
    .toSorted((a, b) => a.reasons.length - b.reasons.length);
  if (claim.volume !== null && volumes.length > 0 && !volumes.some(({ name }) => name === claim.volume)) {
    return { cause: 'volume_missing', volume: null };
  }
  // Who makes volumes for the class says why there is none: whatever else lies about was not meant.
  const provisioned = events.find(({ reason, message }) => reason === 'ProvisioningFailed' && !/storageclass.* not found/i.test(message));
  if (provisioned !== undefined) return { cause: 'volume_provisioning_failed', volume: null };
  if (closest?.reasons[0] !== undefined) return { cause: closest.reasons[0], volume: closest.volume };
  const taken = volumes.find(
    (volume) => volume.claim !== null && volume.claim !== `${claim.namespace}/${claim.name}` && mismatches(claim, volume).length === 0,
  );
  if (taken !== undefined) return { cause: 'volume_taken', volume: taken };
  const missing = unknown || events.some(({ message }) => /storageclass.* not found/i.test(message));
  return missing ? { cause: 'storage_class_missing', volume: null } : null;
}

function userOf(snapshot: Snapshot, site: string, namespace: string, claim: string) {
  return snapshot.pods.find(
    (seen) =>
      seen.site === site && seen.pod.namespace === namespace && inTrouble(seen) && specOf(snapshot, seen)?.claims.includes(claim) === true,
  );
}

function unbound(snapshot: Snapshot, claim: SeenClaim): Finding[] {
  const found = reasonOf(snapshot, claim);
  if (found === null) return [];
  const user = userOf(snapshot, claim.site, claim.namespace, claim.name);
  const complained = eventsAbout(snapshot, claim.site, 'persistentvolumeclaim', claim.namespace, claim.name).length > 0;
  // Nobody waits for it: the class may be one that binds with the first pod.
  if (user === undefined && !complained) return [];
  const entity =
    user === undefined
      ? { site: claim.site, kind: 'persistentvolumeclaim', namespace: claim.namespace, name: claim.name }
      : podEntity(user);
  return [
    finding({
      analyzer: 'storage',
      cause: found.cause,
      entity,
      title: `${entity.name}: the claim ${claim.name} is not bound`,
      mechanism: `The claim ${claim.name} stays ${claim.phase}, because ${words[found.cause]}; a pod with an unbound claim is not scheduled.`,
      refutedBy: 'The claim is bound now.',
      confidence: 0.93,
      evidence: [
        [claim, `${claim.name} is ${claim.phase}, asks for ${claim.request ?? 'some'} ${claim.accessModes.join(', ')}`],
        ...(found.volume === null
          ? []
          : [
              [
                found.volume,
                `${found.volume.name}: ${found.volume.phase}, ${found.volume.capacity ?? ''} ${found.volume.accessModes.join(', ')}`,
              ] as const,
            ]),
      ],
      facts: { claim: claim.name },
    }),
  ];
}

function absent(snapshot: Snapshot): Finding[] {
  return snapshot.pods.filter(inTrouble).flatMap((seen) => {
    const claims = existing(snapshot, seen.site, 'persistentvolumeclaim', seen.pod.namespace);
    const missing = specOf(snapshot, seen)?.claims.find((claim) => claims !== null && !claims.has(claim));
    if (missing === undefined) return [];
    const entity = podEntity(seen);
    return [
      finding({
        analyzer: 'storage',
        cause: 'claim_missing',
        entity,
        title: `${entity.name} uses a claim that does not exist: ${missing}`,
        mechanism: `The pod names the claim ${missing}, and ${words.claim_missing}; such a pod is not scheduled.`,
        refutedBy: 'The claim exists now.',
        confidence: 0.9,
        evidence: [[seen, `${seen.pod.name} is ${seen.pod.phase}`]],
        facts: { claim: missing },
      }),
    ];
  });
}

/** Claims that are not bound, and pods whose claim is missing. */
export function storage(snapshot: Snapshot): readonly Finding[] {
  return [...snapshot.claims.filter(({ phase }) => phase === 'Pending').flatMap((claim) => unbound(snapshot, claim)), ...absent(snapshot)];
}
