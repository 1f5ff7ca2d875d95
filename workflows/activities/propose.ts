import type { Observation } from '../../tools/contract.ts';
import type { Concluded } from '../contracts/activities.ts';
import type { PlanDraft } from '../contracts/plan.ts';
import { byGit } from '../gitops/by-git.ts';
import { type ReadOutput, readKey } from '../playbooks/observe.ts';
import { propose } from '../playbooks/propose.ts';
import type { Deps } from './deps.ts';

type Kept = { readonly id: string; readonly body: Observation };

/** Of several of one read, the newest. */
export function outputsOf(kept: readonly Kept[]): ReadOutput {
  const good = kept.map(({ body }) => body).filter(({ status, mode }) => status === 'ok' && mode === 'run');
  const byAge = good.toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
  const outputs = new Map(byAge.map(({ site, operation, input, output }) => [readKey(site, operation, input), output]));
  return (site, operation, input) => outputs.get(readKey(site, operation, input));
}

/** Reads that a change by way of Git is made of. */
const forGit = ['kubernetes.rollout_state', 'argocd.app_get'];

/** A fix that is a change of Git, and none that can be written here. */
function refusedOf({ playbook, provenance }: PlanDraft, says: string): Concluded {
  const { file, sha256, set } = provenance ?? { file: '', sha256: '', set: '' };
  return { playbook, file, sha256, set, says, ask: ['Who makes this change in its repository?'] };
}

/** What the playbooks make of these findings, by what was read for them. */
export async function draftPlan(deps: Deps, incidentId: string, ids: readonly string[]): Promise<PlanDraft | Concluded | null> {
  const { findings, observations, registry, estate } = deps;
  const set = deps.playbooks();
  const present = (await findings.listForIncident(incidentId)).filter(({ id }) => ids.includes(id));
  const wanted = new Set([...forGit, ...set.playbooks.flatMap(({ observe }) => observe.map(({ operation }) => operation))]);
  const heads = (await observations.listForIncident(incidentId)).filter(
    ({ operation, status }) => status === 'ok' && wanted.has(operation),
  );
  const kept = await Promise.all(heads.map(async ({ id }) => ({ id, body: await observations.get(id) })));
  const alerts = await deps.alertLabels(incidentId);
  const output = outputsOf(kept);
  const proposal = propose(present, { operations: registry, set, estate, alerts, output });
  if (proposal.kind !== 'plan') return proposal.kind === 'concluded' ? proposal.concluded : null;
  const { draft } = proposal;
  const way = byGit(draft, { operations: registry, estate, output });
  return way.kind === 'draft' ? way.draft : refusedOf(draft, way.words);
}
