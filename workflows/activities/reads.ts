import type { Probe } from '../contracts/activities.ts';
import type { Deps } from './deps.ts';

/** Policy is asked for every read too: what it refuses is a gap in the evidence, told in its words. */
export function allowedReads(
  { policy, registry, estate, autonomy, now }: Pick<Deps, 'policy' | 'registry' | 'estate' | 'autonomy' | 'now'>,
  probes: readonly Probe[],
): { allowed: readonly Probe[]; gaps: readonly string[] } {
  const allowed: Probe[] = [];
  const gaps: string[] = [];
  for (const probe of probes) {
    const environment = estate.sites.find((site) => site.name === probe.site)?.environment ?? 'production';
    const decision = policy.decide({
      question: 'read',
      nowMs: now().getTime(),
      operation: { name: probe.operation, tier: registry.get(probe.operation)?.tier ?? 'unknown' },
      site: { name: probe.site, environment },
      subject: { person: null, roles: [], serviceToken: false },
      autonomy: { rules: [...autonomy.rules] },
    });
    if (decision.verdict === 'allow') allowed.push(probe);
    else gaps.push(`${probe.title}: ${decision.reasons.join('; ')}`);
  }
  return { allowed, gaps };
}
