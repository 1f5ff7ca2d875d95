import { condition, isCancellation, patched } from '@temporalio/workflow';
import type { Drafted } from '../contracts/activities.ts';
import type { Told } from '../contracts/incident.ts';
import type { PlanDraft } from '../contracts/plan.ts';
import { wordsOf } from './call.ts';
import type { Desk } from './desk.ts';
import { thinker, worker } from './proxies.ts';

/** How often people are asked in one investigation, and for how long their answer is waited for. */
const mostQuestions = 3;
const minutes = 30;

/** A model that broke proposes nothing. */
async function draft(incidentId: string, findings: readonly string[], told: readonly Told[]): Promise<Drafted> {
  try {
    return await (told.length === 0 ? thinker.draftByModel(incidentId, findings) : thinker.draftByModel(incidentId, findings, told));
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { kind: 'none', reason: wordsOf(error), questions: [] };
  }
}

/** True: somebody answered. */
async function answered(incidentId: string, key: string, questions: readonly string[], desk: Desk): Promise<boolean> {
  const before = desk.told.length;
  // From before they can read it: nobody answers in vain.
  desk.asking = true;
  try {
    if (!(await worker.askPeople(incidentId, key, { questions, minutes }))) return false;
    return await condition(() => desk.told.length > before, minutes * 60_000);
  } finally {
    desk.asking = false;
  }
}

/**
 * A draft where no playbook has one; or the words that say why there is none, and what people could tell. What they do tell goes to the model
 * once more, a few times at most.
 */
export async function draftByModel(incidentId: string, findings: readonly string[], desk: Desk): Promise<PlanDraft | string> {
  desk.told.length = 0;
  for (let asked = 0; ; asked += 1) {
    const drafted = await draft(incidentId, findings, [...desk.told]);
    if (drafted.kind === 'draft') return drafted.draft;
    const { questions, reason } = drafted;
    const open = questions.length === 0 ? '' : ` It would take to know: ${questions.join(' ')}`;
    const none = `A cause was found, but no playbook has a safe fix for it, and the language model none either (${reason}).${open} The evidence is above.`;
    // Histories of before asked nobody.
    if (questions.length === 0 || asked === mostQuestions || !patched('answers-to-the-planner')) return none;
    if (!(await answered(incidentId, `questions:${desk.round}:${asked}`, questions, desk))) return none;
  }
}
