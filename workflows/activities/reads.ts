import type { Probe } from '../contracts/activities.ts';
import { clocksFor } from './calendar.ts';
import type { Deps } from './deps.ts';
import { targetOf } from './target.ts';

/** Policy is asked for every read too: what it refuses is a gap in the evidence, told in its words. */
export function allowedReads(
  { policy, registry, estate, autonomy, now }: Pick<Deps, 'policy' | 'registry' | 'estate' | 'autonomy' | 'now'>,
  probes: readonly Probe[],
): { allowed: readonly Probe[]; gaps: readonly string[] } {
  const clocks = clocksFor(autonomy, now());
  const allowed: Probe[] = [];
  const gaps: string[] = [];
  for (const probe of probes) {
    const { site, namespace, service } = targetOf(estate, probe.site, probe.input);
    const decision = policy.decide({
      question: 'read',
      nowMs: now().getTime(),
      operation: { name: probe.operation, tier: registry.get(probe.operation)?.tier ?? 'unknown' },
      site,
      namespace,
      service,
      subject: { person: null, roles: [], serviceToken: false },
      autonomy: { rules: [...autonomy.rules] },
      clocks,
    });
    if (decision.verdict === 'allow') allowed.push(probe);
    else gaps.push(`${probe.title}: ${decision.reasons.join('; ')}`);
  }
  return { allowed, gaps };
}
