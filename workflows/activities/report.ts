import type { ApprovalStatus, Published, Stop, Waiting } from '../contracts/activities.ts';
import { type Incident, type Outcome, requestersOf } from '../contracts/incident.ts';
import type { Progress, StoredPlan } from '../ports.ts';
import type { RequestEvent } from '../request-state.ts';
import type { Deps } from './deps.ts';
import { mirroredVotes } from './mirrored-votes.ts';
import { memoryOf } from './remember.ts';
import { reminderOf } from './reminder.ts';
import { waitingWords } from './waiting.ts';

/** What Slack refuses for good (an archived channel, a revoked token) holds up no incident: the system of record has it all. */
export function unlessRefused(log: Deps['log']): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'slack_refused')) throw error;
    log.warn({ err: error }, 'slack refused a message of an incident');
  };
}

const reviewDue = 'It ran by break-glass: a review by somebody else is due.';

/** The conversation and the states of the records. */
export function createReportActivities({ incidents, plans, observations, findings, memories, chat, pages, estate, now, log }: Deps) {
  const refused = unlessRefused(log);
  const nameOf = (id: string) => estate.people.find((person) => person.id === id)?.name ?? id;

  async function mirrorVotes(incident: Incident, stored: StoredPlan): Promise<void> {
    for (const { key, text } of mirroredVotes(stored, nameOf)) await chat.say(incident, key, text).catch(refused);
  }

  /** Of plans that were replaced: their buttons answer nothing any more. They are seen to again when the incident closes. */
  async function refreshReplaced(incident: Incident): Promise<void> {
    const replaced = (await plans.listForIncident(incident.id)).filter(({ state }) => state === 'superseded');
    const failed = (error: unknown) => log.warn({ err: error, incident: incident.id }, 'the card of a replaced plan could not be updated');
    for (const stored of replaced) await chat.card(incident, stored).catch(failed);
  }

  /** Nothing more is tried, and nothing guessed: somebody has to look, and gets a list of what is left. */
  async function callForHelp(incidentId: string, { plan, steps }: StoredPlan): Promise<void> {
    const left = steps.filter(({ state }) => state === 'rollback_failed' || state === 'not_reversible');
    if (left.length === 0) return;
    const operationOf = (stepId: string) => plan.steps.find(({ id }) => id === stepId)?.operation ?? stepId;
    const list = left.map(({ stepId, reason }) => `${stepId} (${operationOf(stepId)}): ${reason ?? 'no reason is known'}`).join('; ');
    const message = `A change failed and could not be undone. Nothing more is tried: a person must look. Left as it is: ${list}`;
    await pages.page({ incidentId, planId: plan.id, key: `not-undone:${plan.id}`, targets: 'on_call', message });
  }

  return {
    openThread: async (incidentId: string) => chat.openThread(await incidents.get(incidentId)).catch(refused),
    progress: async (incidentId: string, progress: Progress) => chat.progress(await incidents.get(incidentId), progress).catch(refused),
    async publishFindings(incidentId: string, { round, findings: ids, gaps }: Published): Promise<void> {
      const present = (await findings.listForIncident(incidentId)).filter(({ id }) => ids.includes(id));
      const similar = await memories.similar(incidentId);
      await chat.findings(await incidents.get(incidentId), round, present, gaps, similar).catch(refused);
    },
    async refreshCard(planId: string): Promise<void> {
      const stored = await plans.get(planId);
      const incident = await incidents.get(stored.plan.incidentId);
      await chat.card(incident, stored).catch(refused);
      await refreshReplaced(incident);
      await mirrorVotes(incident, stored);
    },
    async mirrorVotes(planId: string): Promise<void> {
      const stored = await plans.get(planId);
      await mirrorVotes(await incidents.get(stored.plan.incidentId), stored);
    },
    async explainStop(planId: string, stop: Stop): Promise<void> {
      const { plan } = await plans.get(planId);
      await chat.stopped(await incidents.get(plan.incidentId), planId, stop).catch(refused);
    },
    async tellThatItWaits(planId: string, waiting: Waiting): Promise<void> {
      const { plan } = await plans.get(planId);
      const told = waitingWords(plan, waiting, (await observations.get(waiting.output)).output, now());
      const key = `waits:${planId}:${waiting.stepId}:${waiting.direction}`;
      if (told !== null) await chat.say(await incidents.get(plan.incidentId), key, told).catch(refused);
    },
    async approval(planId: string): Promise<ApprovalStatus> {
      const { state, plan, breakGlass } = await plans.get(planId);
      return { state, breakGlass: breakGlass !== null, createdAt: plan.createdAt, expiresAt: plan.expiresAt };
    },
    async alarm(planId: string): Promise<void> {
      const stored = await plans.get(planId);
      const incident = await incidents.get(stored.plan.incidentId);
      const others = estate.people.filter(({ id, roles }) => id !== stored.breakGlass?.person && roles.some((role) => role !== 'viewer'));
      await chat
        .alarm(
          incident,
          stored,
          others.map(({ id }) => id),
        )
        .catch(refused);
    },
    async remind(planId: string): Promise<void> {
      const stored = await plans.get(planId);
      if (stored.state !== 'pending') return;
      const incident = await incidents.get(stored.plan.incidentId);
      const reminder = reminderOf(stored, estate, requestersOf(incident), now().getTime());
      await chat.remind(incident, stored, reminder).catch(refused);
      // The last call also reaches the person on call, by pager.
      if (reminder.key !== 'last') return;
      const message = `A plan waits for ${reminder.missing} more approval${reminder.missing === 1 ? '' : 's'} and expires in ${reminder.minutesLeft} minutes: ${stored.plan.goal}`;
      await pages.page({ incidentId: incident.id, planId, key: `last-call:${planId}`, targets: 'on_call', message });
    },
    settlePlan: (planId: string, event: RequestEvent, reason: string) => plans.settle(planId, event, reason),
    setState: (incidentId: string, state: 'investigating' | 'awaiting_approval' | 'executing') => incidents.transition(incidentId, state),
    async closeIncident(incidentId: string, outcome: Outcome, summary: string, planId: string | null): Promise<void> {
      const plan = planId === null ? null : await plans.get(planId);
      if (plan !== null) await callForHelp(incidentId, plan);
      const due = plan === null || plan.breakGlass === null ? '' : ` ${reviewDue}`;
      const closed = await incidents.close(incidentId, outcome, `${summary}${due}`);
      const memory = memoryOf(closed, plan, await findings.listForIncident(incidentId));
      if (memory !== null) await memories.remember(memory);
      for (const stored of await plans.listForIncident(incidentId)) await chat.card(closed, stored).catch(refused);
      await chat.result(closed, `${summary}${due}`, plan).catch(refused);
    },
  };
}
