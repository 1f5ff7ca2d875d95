import type { LookArgs } from './contracts/incident.ts';
import { rounds } from './investigation.ts';
import { worker } from './isolate/proxies.ts';

/** Its result alone is shown. */
const unseen = { add: () => 0, settle: () => undefined };

/** A second look at an open incident: reads what the alerts that joined it are about, and says in the thread what that changes. Changes nothing else. */
export async function look({ incidentId, number }: LookArgs): Promise<void> {
  const begun = await worker.beginLook(incidentId, number);
  if (begun === null) return;
  const { results: _, ...found } = await rounds(incidentId, begun.scope, unseen);
  const { alerts, services, known } = begun;
  await worker.publishLook(incidentId, { number, alerts, services, known, ...found });
}
