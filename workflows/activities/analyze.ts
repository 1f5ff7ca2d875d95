import type { Analysis, ProbeResult } from '../contracts/activities.ts';
import { changeReads } from '../diagnosis/change-reads.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { followUps } from '../diagnosis/follow-ups.ts';
import { cutWords } from '../diagnosis/look.ts';
import { separatingReads } from '../diagnosis/separate.ts';
import { buildSnapshot } from '../diagnosis/snapshot.ts';
import { symptoms } from '../diagnosis/symptoms.ts';
import { readsByGit } from '../gitops/owned.ts';
import { wantedReads } from '../playbooks/observe.ts';
import type { Deps } from './deps.ts';
import { draftPlan, outputsOf } from './propose.ts';
import { allowedReads } from './reads.ts';

const found = (result: ProbeResult): result is ProbeResult & { observation: string } => result.observation !== null && result.gap === null;

export function createAnalyzeActivities(deps: Deps) {
  const { observations, findings, estate, playbooks, now } = deps;
  return {
    /** Observations → findings. A gap never becomes an all-clear. */
    async analyze(incidentId: string, results: readonly ProbeResult[], last: boolean): Promise<Analysis> {
      const present = await Promise.all(
        results.filter(found).map(async (result) => ({ id: result.observation, body: await observations.get(result.observation) })),
      );
      const snapshot = buildSnapshot(present, estate, now());
      const all = diagnose(snapshot);
      const gaps = results.some((result) => result.gap !== null);
      // What is wrong and not explained is no all-clear either: it is told, with what was looked at.
      const open = all.length > 0 ? [] : symptoms(snapshot).map(({ words }) => `${words}; no cause of it is known`);
      // So is what there is too much of to be looked at.
      const cut = cutWords(snapshot);
      const verdict = all.length > 0 ? 'found' : gaps || present.length === 0 || open.length + cut.length > 0 ? 'unknown' : 'healthy';
      const asked = new Set(results.map((result) => `${result.site} ${result.title}`));
      const situation = { estate, alerts: await deps.alertLabels(incidentId) };
      const output = outputsOf(present);
      const further = [
        ...followUps(snapshot, all, estate.sites),
        ...separatingReads(snapshot, all, estate, ({ site, title }) => asked.has(`${site} ${title}`)),
        ...changeReads(snapshot, all, estate, present),
        ...wantedReads(deps.registry, all, playbooks().playbooks, situation, output),
        ...readsByGit(all, situation, output),
      ];
      const { allowed, gaps: denied } = await allowedReads(
        deps,
        incidentId,
        [...new Map(further.map((probe) => [`${probe.site} ${probe.title}`, probe])).values()].filter(
          (probe) => !asked.has(`${probe.site} ${probe.title}`),
        ),
      );
      // Findings are kept once, with all the evidence that there is.
      const done = last || allowed.length === 0;
      if (done) await findings.save(incidentId, all);
      return {
        verdict,
        followUps: last ? [] : allowed,
        gaps: done ? [...denied, ...open, ...cut] : denied,
        findings: all.map(({ id }) => id),
      };
    },
    draftPlan: (incidentId: string, ids: readonly string[]) => draftPlan(deps, incidentId, ids),
  };
}
