import { type AuditEntry, spoken } from '../store/audit-list.ts';
import { Commitment } from './commitment.ts';

/**
 * An entry in the names of the Open Cybersecurity Schema Framework, version 1.3.0 (https://schema.ocsf.io/1.3.0), class Entity
 * Management: somebody did something to an incident, a plan, a grant. What OCSF has no name for is in `unmapped`.
 */
export type OcsfEvent = ReturnType<typeof ocsfEvent>;

export type SiemEntry = Pick<AuditEntry, 'seq' | 'leaf' | 'body' | 'disclosures'>;

const schemaVersion = '1.3.0';
const classUid = 3004;
const activities = { create: 1, update: 3, delete: 4 } as const;
const activityNames = { 1: 'Create', 3: 'Update', 4: 'Delete' } as const;
const creating = new Set(['opened', 'proposed', 'recorded', 'stored', 'saved', 'issued', 'created', 'decided', 'feedback']);
const deleting = new Set(['revoked', 'erased']);
const severities = { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High' } as const;

/** What a kind is about, and the field of `data` that says which one. */
const entities: Readonly<Record<string, readonly [type: string, field: string | null]>> = {
  incident: ['Incident', null],
  plan: ['Plan', null],
  vote: ['Vote', 'vote'],
  step: ['Plan step', 'step'],
  observation: ['Observation', 'observation'],
  finding: ['Finding', 'finding'],
  policy: ['Policy decision', 'decision'],
  grant: ['Grant', 'jti'],
  service_token: ['Service token', 'token'],
  audit: ['Audit log', null],
};

function activityOf(verb: string): 1 | 3 | 4 {
  if (creating.has(verb)) return activities.create;
  return deleting.has(verb) ? activities.delete : activities.update;
}

function severityOf(verb: string): 1 | 2 | 3 | 4 {
  if (verb === 'rollback_failed') return 4;
  if (verb === 'failed') return 3;
  return verb === 'refused' ? 2 : 1;
}

function actorOf({ kind, id }: SiemEntry['body']['actor']) {
  if (kind === 'person') return { user: { uid: id, type_id: 1, type: 'User' } };
  return { user: { uid: id, ...(kind === 'system' ? { type_id: 3, type: 'System' } : { type_id: 99, type: 'Service token' }) } };
}

function entityOf({ body }: SiemEntry, group: string) {
  const [type, field] = entities[group] ?? [group, null];
  const named = field === null ? undefined : body.data[field];
  const uid = typeof named === 'string' ? named : group === 'incident' ? body.incidentId : (body.planId ?? body.incidentId);
  return { type, uid: uid ?? body.id };
}

/** Ids, and the words that are still there; commitments say nothing to a reader. */
function dataOf({ body, disclosures }: SiemEntry): Record<string, unknown> {
  const data = Object.entries(spoken(body.data, disclosures));
  return Object.fromEntries(data.filter(([, value]) => value !== null && !Commitment.safeParse(value).success));
}

function metadataOf({ seq, body }: SiemEntry, origin: string) {
  return {
    version: schemaVersion,
    product: { name: 'Watchkeeper', vendor_name: 'Watchkeeper', version: '0.1.0' },
    uid: body.id,
    event_code: body.kind,
    log_name: origin,
    original_time: body.at,
    ...(seq === null ? {} : { sequence: seq }),
    ...(body.incidentId === null ? {} : { correlation_uid: body.incidentId }),
  };
}

/** `origin`: the log's name. */
export function ocsfEvent(entry: SiemEntry, origin: string) {
  const { body, leaf } = entry;
  const [group = '', verb = ''] = body.kind.split('.');
  const activity = activityOf(verb);
  const severity = severityOf(verb);
  const data = dataOf(entry);
  const comment = data['reason'] ?? data['message'];
  return {
    category_uid: 3,
    class_uid: classUid,
    activity_id: activity,
    activity_name: activityNames[activity],
    type_uid: classUid * 100 + activity,
    time: Date.parse(body.at),
    severity_id: severity,
    severity: severities[severity],
    status_id: severity === 1 ? 1 : 2,
    status: severity === 1 ? 'Success' : 'Failure',
    message: body.kind.replaceAll(/[._]/g, ' '),
    ...(typeof comment === 'string' ? { comment } : {}),
    actor: actorOf(body.actor),
    entity: entityOf(entry, group),
    metadata: metadataOf(entry, origin),
    unmapped: { leaf, ...(body.planId === null ? {} : { plan_id: body.planId }), ...data },
  };
}
