import type { Person } from './config-file.ts';
import { isRecorded } from './store/audit-exists.ts';
import { getIncident } from './store/incidents.ts';
import type { Recorder } from './store/record.ts';
import type { Tx } from './store/sql.ts';

/**
 * Notes the first time that a person with a PagerDuty account takes care of an open incident in Slack: its page is acknowledged in their
 * name, so that nobody is paged further. Takes no lock: twice is as good as once.
 */
export async function engage(tx: Tx, record: Recorder, person: Person, incidentId: string): Promise<void> {
  if (person.pagerduty === undefined || person.email === undefined) return;
  const { state } = await getIncident(tx, incidentId);
  const actor = { kind: 'person', id: person.id } as const;
  if (state === 'closed' || (await isRecorded(tx, { incidentId, kind: 'person.engaged', actor }))) return;
  await record(tx, { kind: 'person.engaged', actor, incidentId, ids: { person: person.id } });
}
