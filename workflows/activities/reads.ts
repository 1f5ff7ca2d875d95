import { type Judged, judge } from '../../policy/judged.ts';
import type { OperationCall } from '../../tools/contract.ts';
import type { Probe } from '../contracts/activities.ts';
import { decided } from '../decided.ts';
import { ownReads } from '../own-reads.ts';
import { clocksFor } from './calendar.ts';
import type { Deps } from './deps.ts';
import { targetOf } from './target.ts';

type ReadDeps = Pick<Deps, 'policy' | 'registry' | 'estate' | 'autonomy' | 'decisions' | 'now'>;

/** Who asks for a read. */
export interface Reader {
  readonly person: string | null;
  readonly roles: readonly string[];
  readonly serviceToken: boolean;
}

/** An investigation that nobody asked for. */
const nobody: Reader = { person: null, roles: [], serviceToken: false };

type JudgeDeps = Pick<ReadDeps, 'policy' | 'registry' | 'estate' | 'autonomy'>;

/** May this be read now? */
export function judgeRead(
  { policy, registry, estate, autonomy }: JudgeDeps,
  probe: OperationCall & { readonly site: string },
  now: Date,
  by: Reader = nobody,
): Judged {
  const { site, namespace, service } = targetOf(estate, probe.site, probe.input);
  return judge(policy, {
    question: 'read',
    nowMs: now.getTime(),
    operation: { name: probe.operation, tier: ownReads.has(probe.operation) ? 'read' : (registry.get(probe.operation)?.tier ?? 'unknown') },
    site,
    namespace,
    service,
    subject: { ...by, roles: [...by.roles] },
    autonomy: { rules: [...autonomy.rules] },
    clocks: clocksFor(autonomy, now),
  });
}

/**
 * Policy is asked for every read too: what it refuses is a gap in the evidence, told in its words. Nothing is allowed before all of it is
 * recorded.
 */
export async function allowedReads(
  deps: ReadDeps,
  incidentId: string,
  probes: readonly Probe[],
): Promise<{ allowed: readonly Probe[]; gaps: readonly string[] }> {
  const now = deps.now();
  const judged = probes.map((probe) => ({ probe, ...judgeRead(deps, probe, now) }));
  await deps.decisions.record(judged.map((read) => decided(read, { incidentId })));
  return {
    allowed: judged.flatMap(({ probe, decision }) => (decision.verdict === 'allow' ? [probe] : [])),
    gaps: judged.flatMap(({ probe, decision }) => (decision.verdict === 'allow' ? [] : [`${probe.title}: ${decision.reasons.join('; ')}`])),
  };
}
