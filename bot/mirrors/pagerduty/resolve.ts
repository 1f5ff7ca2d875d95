import { PeerRefused } from '../errors.ts';
import type { KeptLink } from '../ports.ts';
import type { PagerDutyPort } from './ports.ts';

/** `never`; `own`: the page that the mirror opened itself; `verified`: every linked page, after a fix whose verification held. */
export type Resolving = 'never' | 'own' | 'verified';

export interface ResolveDeps {
  readonly pagerduty: PagerDutyPort;
  readonly resolving: Resolving;
}

/** Sets a status, and takes a refusal as success when the page has it: somebody else, or an earlier attempt, was first. */
export async function ensureStatus(
  pagerduty: PagerDutyPort,
  id: string,
  status: 'acknowledged' | 'resolved',
  from: string,
): Promise<boolean> {
  const past = status === 'acknowledged' ? ['acknowledged', 'resolved'] : ['resolved'];
  const isThere = async () => past.includes((await pagerduty.page(id)).status);
  if (await isThere()) return false;
  try {
    await pagerduty.setStatus(id, status, from);
    return true;
  } catch (error) {
    if (error instanceof PeerRefused && (await isThere())) return false;
    throw error;
  }
}

/** After the end of an incident, as far as configuration allows it. `resolved` is the outcome of a plan whose every step was verified. */
export async function resolvePages(
  { pagerduty, resolving }: ResolveDeps,
  incidentId: string,
  pages: readonly KeptLink[],
  outcome: unknown,
) {
  if (resolving === 'never') return;
  // Does nothing for a page that was not opened under this key.
  if (outcome === 'resolved' || outcome === 'healthy') await pagerduty.events?.resolve(incidentId);
  if (resolving !== 'verified' || outcome !== 'resolved') return;
  for (const { externalId } of pages) await ensureStatus(pagerduty, externalId, 'resolved', pagerduty.fromEmail);
}
