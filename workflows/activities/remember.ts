import type { Finding } from '../contracts/finding.ts';
import type { Incident } from '../contracts/incident.ts';
import { type Memory, RememberedOutcome } from '../contracts/memory.ts';
import type { StoredPlan } from '../ports.ts';
import { inert } from '../reasoning/inert.ts';

/** Characters of each text. */
const most = 300;

/** Nothing in it leads anywhere, calls anybody, or looks like another line: a memory is shown in other incidents. */
export function quiet(text: string): string {
  const flat = inert(text, () => false)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replaceAll(/[`*_~|<>[\]{}#]/g, '')
    .trim();
  return [...flat].slice(0, most).join('');
}

/** What is kept of an incident; null: nothing was changed, so there is nothing to compare with. */
export function memoryOf(incident: Incident, plan: StoredPlan | null, findings: readonly Finding[]): Memory | null {
  const outcome = RememberedOutcome.safeParse(incident.outcome);
  if (plan === null || !outcome.success || incident.closedAt === null) return null;
  const named = findings.filter(({ id }) => plan.plan.findings.includes(id)).toSorted((a, b) => b.confidence - a.confidence);
  const unique = (values: readonly string[]) => [...new Set(values)].slice(0, 20);
  return {
    incidentId: incident.id,
    title: quiet(incident.title),
    service: incident.service,
    site: incident.site,
    causes: unique(named.map(({ cause }) => cause)),
    entities: unique(named.map(({ entity }) => `${entity.site}/${entity.namespace ?? ''}/${entity.name}`)),
    cause: quiet(named.map(({ title }) => title).join('; ')),
    fix: quiet(plan.plan.goal),
    operations: unique(plan.plan.steps.map(({ operation }) => operation)),
    outcome: outcome.data,
    at: incident.closedAt,
  };
}
