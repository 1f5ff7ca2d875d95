import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import type { PlanState, Verdict } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { PeerRefused, PeerUnavailable } from '../mirrors/errors.ts';
import { stableUuid } from '../mirrors/key.ts';
import type { LinearPort } from '../mirrors/linear/ports.ts';
import type { Directory } from '../people.ts';
import type { Votes } from '../ports.ts';
import type { Actor } from '../store/audit.ts';
import type { LabelResult } from '../store/linear-labels.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';
import type { LabelActor, LabelAddition, LabelledIssue, LinearIssues, VoteLabel } from './linear-issue.ts';
import { noPerson, nothingAsked, progressComment, refusalComment, tooEarly, unattributed } from './linear-words.ts';

export interface LinearLabelsDeps {
  readonly store: Pick<Store, 'pool' | 'record' | 'now' | 'plans' | 'mirrorLinks' | 'linearLabels'>;
  readonly votes: Votes;
  readonly directory: Directory;
  readonly issues: LinearIssues;
  readonly linear: Pick<LinearPort, 'ensureComment' | 'relabel'>;
  readonly redact: Redactor;
  readonly log: Logger;
}

/** Votes by label: `assistant:approved` and `assistant:rejected` on the issue of an incident. */
export interface LinearLabels {
  /** Reads the issue again and answers every label that was put on since. Idempotent. Throws what should be tried again. */
  settle(issueId: string): Promise<void>;
  /** The same for every incident whose plan is up for approval, for webhooks that never came. Does not throw what Linear says. */
  reconcile(): Promise<void>;
}

/** How long the history may lag behind the labels, in milliseconds. */
const historyLagMs = 60_000;

const verdicts: Readonly<Record<VoteLabel, Verdict>> = { 'assistant:approved': 'approve', 'assistant:rejected': 'reject' };

/** States of a plan in which the label is what the mirror shows. */
const shownIn: Readonly<Record<VoteLabel, readonly PlanState[]>> = {
  'assistant:approved': ['approved', 'executing', 'done', 'rolled_back', 'failed'],
  'assistant:rejected': ['rejected'],
};

interface Scene {
  readonly incidentId: string;
  readonly issue: LabelledIssue;
  /** The newest one. */
  readonly plan: StoredPlan | null;
}

async function auditActor({ directory }: LinearLabelsDeps, by: LabelActor | null): Promise<Actor> {
  if (by?.kind === 'member') {
    const person = await directory.of({ kind: 'linear', user: by.user });
    return { kind: 'person', id: person?.id ?? 'unmapped:linear' };
  }
  return { kind: 'system', id: by?.kind === 'no_member' ? `linear:${by.user}` : 'linear' };
}

interface Refused {
  readonly label: VoteLabel;
  readonly by: LabelActor | null;
  readonly message: string;
}

/** Takes the label off, where it is still on, and says why. */
async function answer({ linear, redact }: LinearLabelsDeps, { issue }: Scene, label: VoteLabel, off: boolean, key: string, body: string) {
  await linear.ensureComment({ id: stableUuid('linear.label', key), issueId: issue.id, body: redact.text(body).text });
  const id = issue.on.get(label);
  if (off && id !== undefined) await linear.relabel(issue.id, [], [id]);
}

/** For what never gets to the vote path, which audits its own refusals. */
async function audit(deps: LinearLabelsDeps, { incidentId, plan }: Scene, code: string, { label, by, message }: Refused): Promise<void> {
  const { pool, record } = deps.store;
  const actor = await auditActor(deps, by);
  await inTransaction(pool, (tx) =>
    record(tx, {
      kind: 'vote.refused',
      actor,
      incidentId,
      planId: plan?.plan.id ?? null,
      ids: { verdict: verdicts[label], channel: 'linear', code },
      words: { message },
    }),
  );
}

/** Why the label is no answer, whoever the person may be; null when the vote path is to judge. */
function notAnAnswer({ issue, plan }: Scene, { by, at }: LabelAddition): { code: string; message: string } | null {
  const message = noPerson(by);
  if (message !== null) return { code: 'not_a_person', message };
  if (plan === null) return { code: 'unknown_plan', message: nothingAsked };
  if (issue.proposal === null || Date.parse(at) < Date.parse(issue.proposal.at)) return { code: 'stale', message: tooEarly };
  return null;
}

/** To the one vote path, for the request that the issue shows. */
async function vote(deps: LinearLabelsDeps, scene: Scene, plan: StoredPlan, addition: LabelAddition, user: string): Promise<LabelResult> {
  const { label, entryId, last } = addition;
  const outcome = await deps.votes.cast({
    who: { kind: 'linear', user },
    planId: plan.plan.id,
    requestHash: scene.issue.proposal?.requestHash ?? '',
    verdict: verdicts[label],
    reason: null,
    channel: 'linear',
  });
  const key = `${entryId}:${label}`;
  if (outcome.kind === 'refused') {
    // After another one's answer that decided, the label is what the mirror shows.
    const shown = plan.state === 'approved' || plan.state === 'rejected' ? shownIn[label].includes(plan.state) : false;
    await answer(deps, scene, label, last && !shown, key, refusalComment(label, addition.by, outcome.message));
    return 'refused';
  }
  const { state, votes } = await deps.store.plans.get(plan.plan.id);
  // What decided stays on: it is what the mirror shows for that state.
  if (state !== 'pending') return 'counted';
  const approvals = new Set(votes.filter(({ verdict }) => verdict === 'approve').map(({ person }) => person)).size;
  await answer(deps, scene, label, last, key, progressComment(outcome.person, approvals, plan.plan.approval.needed));
  return 'counted';
}

async function judge(deps: LinearLabelsDeps, scene: Scene, addition: LabelAddition): Promise<LabelResult> {
  const { label, by, entryId, last } = addition;
  if (addition.withdrawn) return 'withdrawn';
  const refusal = notAnAnswer(scene, addition);
  if (refusal === null && by.kind === 'member' && scene.plan !== null) return vote(deps, scene, scene.plan, addition, by.user);
  const { code, message } = refusal ?? { code: 'not_a_person', message: unattributed };
  const key = `${entryId}:${label}`;
  await answer(deps, scene, label, last, key, refusalComment(label, by, message));
  await audit(deps, scene, code, { label, by, message });
  return 'refused';
}

async function settleAddition(deps: LinearLabelsDeps, scene: Scene, addition: LabelAddition): Promise<void> {
  const { linearLabels } = deps.store;
  if (addition.by.kind === 'ourselves' || !(await linearLabels.claim(addition, scene.incidentId))) return;
  try {
    await linearLabels.settle(addition, await judge(deps, scene, addition));
  } catch (error) {
    await linearLabels.release(addition);
    throw error;
  }
}

/** A label that is on and in no entry of the history. Throws PeerUnavailable while the history may still be behind. */
async function removeUnattributed(deps: LinearLabelsDeps, scene: Scene): Promise<void> {
  const { issue, plan } = scene;
  for (const label of issue.on.keys()) {
    const shown = plan !== null && shownIn[label].includes(plan.state);
    if (shown || issue.additions.some((addition) => addition.label === label)) continue;
    if (deps.store.now().getTime() - Date.parse(issue.updatedAt) < historyLagMs)
      throw new PeerUnavailable('the history of the issue does not have its label yet');
    const key = `${issue.id}:${label}:${issue.updatedAt}`;
    await answer(deps, scene, label, true, key, refusalComment(label, null, unattributed));
    await audit(deps, scene, 'not_a_person', { label, by: null, message: unattributed });
  }
}

async function settleIssue(deps: LinearLabelsDeps, issueId: string): Promise<void> {
  const [link] = await deps.store.mirrorLinks.to('linear', issueId);
  if (link === undefined) return;
  const issue = await deps.issues.read(issueId);
  if (issue === null) return;
  const { incidentId } = link;
  const plan = (await deps.store.plans.listForIncident(incidentId)).at(-1) ?? null;
  const scene = { incidentId, issue, plan };
  for (const addition of issue.additions) await settleAddition(deps, scene, addition);
  await removeUnattributed(deps, scene);
}

const plansAtOnce = 200;

export function createLinearLabels(deps: LinearLabelsDeps): LinearLabels {
  const settle = async (issueId: string) => {
    try {
      await settleIssue(deps, issueId);
    } catch (error) {
      if (!(error instanceof PeerRefused)) throw error;
      // Asking again would be refused again; what is still on gets no vote.
      deps.log.error({ issue: issueId, reason: error.message }, 'Linear refused to answer for a label');
    }
  };
  return {
    settle,
    async reconcile() {
      const { plans, mirrorLinks } = deps.store;
      for (const { plan } of await plans.pending(plansAtOnce)) {
        const link = (await mirrorLinks.list(plan.incidentId)).find(({ sink }) => sink === 'linear');
        if (link === undefined) continue;
        await settle(link.externalId).catch((error: unknown) =>
          deps.log.warn({ err: error, issue: link.externalId }, 'labels could not be read'),
        );
      }
    },
  };
}
