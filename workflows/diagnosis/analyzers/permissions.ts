import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { logsOf } from '../logs.ts';
import { inTrouble, onePerOwner, podEntity } from '../look.ts';
import type { SeenLogTemplate } from '../model/signals.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** As the API server of Kubernetes refuses: who, what, and where. */
const refusal =
  /User "system:serviceaccount:(?<namespace>[a-z0-9-]+):(?<account>[a-z0-9.-]+)" cannot (?<verb>[a-z]+) resource "(?<resource>[a-z0-9./-]+)"(?: in API group "(?<group>[a-z0-9.-]*)")?(?<place> in the namespace "[a-z0-9-]+"| at the cluster scope)?/;

interface Refused {
  readonly log: SeenLogTemplate;
  /** `shop/api`. */
  readonly account: string;
  /** `list deployments.apps in the namespace "shop"`. */
  readonly what: string;
}

function refusedIn(log: SeenLogTemplate): Refused[] {
  const found = refusal.exec(log.sample)?.groups;
  if (found === undefined) return [];
  const { namespace, account, verb, resource, group = '', place = '' } = found;
  return [{ log, account: `${namespace}/${account}`, what: `${verb} ${resource}${group === '' ? '' : `.${group}`}${place}` }];
}

function denied(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const refused = logsOf(snapshot, seen).flatMap(refusedIn);
  const [first] = refused;
  if (first === undefined) return [];
  const entity = podEntity(seen);
  const wanted = [...new Set(refused.map(({ what }) => what))];
  return [
    finding({
      analyzer: 'permissions',
      cause: 'rbac_denied',
      entity,
      title: `${entity.name} may not ${first.what}`,
      mechanism: `It asks the API of the cluster as service account ${first.account}, to which no role is bound that allows: ${wanted.slice(0, 5).join('; ')}.`,
      refutedBy: `A role that allows it is bound to service account ${first.account}.`,
      confidence: 0.85,
      facts: { wanted: first.what },
      evidence: [
        ...refused.slice(0, 3).map(({ log }) => [log, log.sample.slice(0, 480)] as const),
        [seen, `${seen.pod.name} is not ready`],
      ],
    }),
  ];
}

/** Pods that do not work because their service account may not ask the cluster what they ask. */
export function permissions(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter(inTrouble)).flatMap((seen) => denied(snapshot, seen));
}
