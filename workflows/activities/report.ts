import type { ApprovalStatus } from '../contracts/activities.ts';
import type { Outcome } from '../contracts/incident.ts';
import type { PlanState } from '../contracts/plan.ts';
import type { Progress } from '../ports.ts';
import type { Deps } from './deps.ts';
import { reminderWords } from './reminder.ts';

/** The conversation and the states of the records. */
export function createReportActivities({ incidents, plans, findings, chat, estate, now }: Deps) {
  return {
    openThread: async (incidentId: string) => chat.openThread(await incidents.get(incidentId)),
    progress: async (incidentId: string, progress: Progress) => chat.progress(await incidents.get(incidentId), progress),
    async publishFindings(incidentId: string, gaps: readonly string[]): Promise<void> {
      await chat.findings(await incidents.get(incidentId), await findings.listForIncident(incidentId), gaps);
    },
    async refreshCard(planId: string): Promise<void> {
      const stored = await plans.get(planId);
      await chat.card(await incidents.get(stored.plan.incidentId), stored);
    },
    async approval(planId: string): Promise<ApprovalStatus> {
      const { state, plan } = await plans.get(planId);
      return { state, createdAt: plan.createdAt, expiresAt: plan.expiresAt };
    },
    async remind(planId: string): Promise<void> {
      const { plan, votes } = await plans.get(planId);
      const incident = await incidents.get(plan.incidentId);
      const minutes = Math.max(1, Math.round((Date.parse(plan.expiresAt) - now().getTime()) / 60_000));
      await chat.say(incident, `remind:${planId}:${minutes}`, reminderWords(plan, votes, estate, incident.requester, minutes));
    },
    settlePlan: (planId: string, from: readonly PlanState[], to: PlanState, reason: string) => plans.transition(planId, from, to, reason),
    say: async (incidentId: string, key: string, text: string) => chat.say(await incidents.get(incidentId), key, text),
    setState: (incidentId: string, state: 'investigating' | 'awaiting_approval' | 'executing') => incidents.transition(incidentId, state),
    async closeIncident(incidentId: string, outcome: Outcome, summary: string, planId: string | null): Promise<void> {
      const closed = await incidents.close(incidentId, outcome, summary);
      await chat.result(closed, summary, planId === null ? null : await plans.get(planId));
    },
  };
}
