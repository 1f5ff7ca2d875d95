import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { deploymentOf, existing, lacking, podsOf, workloadEntity } from '../look.ts';
import type { SeenEvent, SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';
import { quotaOf } from './quotas.ts';

/** The newest refusal to create a pod of the workload. */
function refusal(snapshot: Snapshot, workload: SeenWorkload): SeenEvent | undefined {
  return snapshot.events
    .filter(
      ({ site, namespace, kind, name, reason }) =>
        site === workload.site &&
        namespace === workload.namespace &&
        reason === 'FailedCreate' &&
        (kind === workload.kind ? name === workload.name : kind === 'replicaset' && deploymentOf(name) === workload.name),
    )
    .toSorted((a, b) => (a.age ?? Infinity) - (b.age ?? Infinity))[0];
}

interface Refused {
  readonly cause: string;
  readonly says: string;
  readonly refutedBy: string;
  readonly facts?: Record<string, string>;
}

function classify(snapshot: Snapshot, workload: SeenWorkload, { message }: SeenEvent): Refused | null {
  const account = /serviceaccount "([^"]+)" not found/i.exec(message)?.[1];
  if (account !== undefined) {
    // Created since: the controller tries again by itself.
    if (existing(snapshot, workload.site, 'serviceaccount', workload.namespace)?.has(account) === true) return null;
    return {
      cause: 'service_account_missing',
      says: `its service account ${account} does not exist`,
      refutedBy: 'The service account exists.',
      facts: { serviceAccount: account },
    };
  }
  if (/admission webhook .* denied/.test(message))
    return { cause: 'webhook_denied', says: 'an admission webhook denies it', refutedBy: 'The webhook allows the pod.' };
  if (/failed calling webhook/.test(message))
    return { cause: 'webhook_unavailable', says: 'an admission webhook does not answer', refutedBy: 'The webhook answers.' };
  if (/violates PodSecurity|security context constraint/.test(message))
    return {
      cause: 'pod_security_violation',
      says: 'it violates the security standard of the namespace',
      refutedBy: 'The namespace allows such pods.',
    };
  // Or the limit that a range gives to whoever has none is below what is asked for.
  if (/is forbidden: (maximum|minimum) (cpu|memory)|must be less than or equal to (cpu|memory) limit/.test(message))
    return {
      cause: 'limit_range_violation',
      says: 'it is outside the limit range of the namespace',
      refutedBy: 'The limit range allows it.',
    };
  if (/priority class/i.test(message) && /not found/.test(message))
    return { cause: 'priority_class_missing', says: 'its priority class does not exist', refutedBy: 'The priority class exists.' };
  return null;
}

/** Where the refusal itself was not seen: no pod at all, and an account that does not exist. */
function unsaid(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const account = workload.spec?.serviceAccount ?? null;
  const known = existing(snapshot, workload.site, 'serviceaccount', workload.namespace);
  if (account === null || known?.has(account) !== false || podsOf(snapshot, workload).length > 0) return [];
  return [
    finding({
      analyzer: 'admission',
      cause: 'service_account_missing',
      entity: workloadEntity(workload),
      title: `No pod of ${workload.name} is admitted`,
      mechanism: `Its service account ${account} does not exist, and the API server refuses pods without their account.`,
      refutedBy: 'The service account exists.',
      confidence: 0.85,
      evidence: [[workload, `${workload.name} wants ${workload.desired} replicas as ${account}, and has no pod`]],
      facts: { serviceAccount: account },
    }),
  ];
}

function explain(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const event = refusal(snapshot, workload);
  if (event === undefined) return unsaid(snapshot, workload);
  const quota = quotaOf(event.message);
  const evidence = [
    [event, event.message],
    [workload, `${workload.ready} of ${workload.desired} replicas are ready`],
  ] as const;
  if (quota !== null) {
    return [
      finding({
        analyzer: 'admission',
        cause: quota.cause,
        entity: { site: workload.site, kind: 'namespace', namespace: workload.namespace, name: workload.namespace },
        title: `The quota ${quota.name} of ${workload.namespace} is exhausted: ${quota.resource}`,
        mechanism: `The API server refuses new pods of ${workload.name}, because they would exceed the quota ${quota.name}.`,
        refutedBy: 'The quota has room for what is asked for.',
        confidence: 0.95,
        evidence,
        facts: { quota: quota.name, resource: quota.resource, workload: workload.name },
      }),
    ];
  }
  const refused = classify(snapshot, workload, event);
  if (refused === null) return [];
  return [
    finding({
      analyzer: 'admission',
      cause: refused.cause,
      entity: workloadEntity(workload),
      title: `No pod of ${workload.name} is admitted`,
      mechanism: `The API server refuses its pods: ${refused.says}.`,
      refutedBy: refused.refutedBy,
      confidence: 0.94,
      evidence,
      ...(refused.facts === undefined ? {} : { facts: refused.facts }),
    }),
  ];
}

/** Workloads that lack replicas because the API server refuses their pods. */
export function admission(snapshot: Snapshot): readonly Finding[] {
  return lacking(snapshot).flatMap((workload) => explain(snapshot, workload));
}
