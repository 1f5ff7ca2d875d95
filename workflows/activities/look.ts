import type { LookBegun, LookPublished, Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Deps } from './deps.ts';
import { allowedReads } from './reads.ts';
import { unlessRefused } from './report.ts';
import { probesFor } from './scope.ts';

/** Services of one look: a storm may name all there are. */
const mostServices = 6;

const keyOf = ({ site, operation, input }: Probe) => JSON.stringify([site, operation, input]);

function named({ title, entity, confidence }: Finding): string {
  return `• ${title} (${entity.kind} ${entity.name}, ${Math.round(confidence * 100)}% sure)`;
}

/** What changed, in words. */
export function lookWords(published: LookPublished, findings: readonly Finding[], waits: boolean): string {
  const { alerts, services, known, verdict, gaps } = published;
  const about = services.length === 0 ? '' : ` about ${services.join(', ')}`;
  const came = `I looked again, because ${alerts === 1 ? 'one more alert' : `${alerts} more alerts`} came in${about}.`;
  const seen = findings.filter(({ id }) => published.findings.includes(id));
  const news = seen.filter(({ id }) => !known.includes(id));
  const missing = gaps.length === 0 ? [] : [`What I could not read: ${gaps.join('; ')}`];
  if (news.length > 0) {
    const plan = waits ? ['The plan that waits was made before this, and does not take it into account.'] : [];
    return [`${came} New:`, ...news.map(named), ...plan, ...missing].join('\n');
  }
  if (seen.length > 0) return [`${came} It is what I found before:`, ...seen.map(named), ...missing].join('\n');
  const nothing = verdict === 'healthy' ? 'Nothing is wrong with what these are about.' : 'It shows no other cause.';
  return [`${came} ${nothing}`, ...missing].join('\n');
}

/** Second looks at an incident that is open. */
export function createLookActivities(deps: Deps) {
  const { incidents, findings, plans, looks, chat, estate, log, now } = deps;
  return {
    async beginLook(incidentId: string, number: number): Promise<LookBegun | null> {
      const begun = await looks.begin(incidentId, number);
      if (begun === null) return null;
      const incident = await incidents.get(incidentId);
      const services = begun.services.slice(0, mostServices);
      const all = services.flatMap((service) => probesFor({ ...incident, service, site: null }, estate, now()));
      const probes = [...new Map(all.map((probe) => [keyOf(probe), probe])).values()];
      const { allowed, gaps } = await allowedReads(deps, incidentId, probes);
      const known = (await findings.listForIncident(incidentId)).map(({ id }) => id);
      return { scope: { probes: allowed, question: null, gaps }, alerts: begun.alerts, services: begun.services, known };
    },
    async publishLook(incidentId: string, published: LookPublished): Promise<void> {
      const [incident, all, stored] = await Promise.all([
        incidents.get(incidentId),
        findings.listForIncident(incidentId),
        plans.listForIncident(incidentId),
      ]);
      const waits = stored.some(({ state }) => state === 'pending');
      await chat.say(incident, `look:${published.number}`, lookWords(published, all, waits)).catch(unlessRefused(log));
    },
  };
}
