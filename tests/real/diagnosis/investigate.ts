import type { Probe } from '../../../workflows/contracts/activities.ts';
import type { Finding } from '../../../workflows/contracts/finding.ts';
import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import { followUps } from '../../../workflows/diagnosis/follow-ups.ts';
import { cutWords } from '../../../workflows/diagnosis/look.ts';
import type { Kept } from '../../../workflows/diagnosis/observed.ts';
import { buildSnapshot, emptySnapshot } from '../../../workflows/diagnosis/snapshot.ts';
import type { TestSite } from '../site.ts';

export interface Investigated {
  readonly findings: readonly Finding[];
  /** Reads that were refused or failed, and lists that were cut, in words. */
  readonly gaps: readonly string[];
  readonly reads: number;
}

const estate = { services: [], sites: [], people: [] } as unknown as Parameters<typeof buildSnapshot>[1];

/**
 * An investigation of a namespace as the workflow does it: a fan-out, and up to two rounds of reads that its findings ask for. `between`: what
 * happens to the cluster after the first.
 */
export async function investigate(
  site: TestSite,
  namespace: string,
  more: readonly Probe[] = [],
  between: () => Promise<void> = async () => {},
): Promise<Investigated> {
  const kept: Kept[] = [];
  const gaps: string[] = [];
  const asked = new Set<string>();
  const first = ['kubernetes.workloads', 'kubernetes.events'].map(
    (operation): Probe => ({ site: 'real', title: operation, operation, input: { namespace } }),
  );
  let probes: readonly Probe[] = [...first, ...more];
  let findings: readonly Finding[] = [];
  let snapshot = emptySnapshot(new Date());
  for (let round = 0; round < 3 && probes.length > 0; round += 1) {
    for (const probe of probes) asked.add(probe.title);
    const answers = await Promise.all(probes.map(async (probe) => ({ probe, answer: await site.read(probe.operation, probe.input) })));
    for (const { probe, answer } of answers) {
      if (answer.status === 'error') gaps.push(`${probe.title}: ${answer.message}`);
      else kept.push({ id: answer.observation, body: site.observationOf(answer) });
    }
    snapshot = buildSnapshot(kept, estate, new Date());
    findings = diagnose(snapshot);
    probes = followUps(snapshot, findings).filter(({ title }) => !asked.has(title));
    if (round === 0) await between();
  }
  return { findings, gaps: [...gaps, ...cutWords(snapshot)], reads: asked.size };
}

/** A read of all objects of a kind, as a symptom that only metrics show would ask for it. */
export const objectsOf = (kind: string, namespace: string): Probe => ({
  site: 'real',
  title: `Objects of the kind ${kind} in ${namespace}`,
  operation: 'kubernetes.get',
  input: { kind, namespace },
});
