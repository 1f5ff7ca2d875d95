import { shownOf, textsOf } from '../reasoning/evidence.ts';
import { asksForSummary, Explanation, explanationWords, summaryWords } from '../reasoning/explain.ts';
import { inert } from '../reasoning/inert.ts';
import { recordId, recordText } from '../reasoning/record.ts';
import type { Deps } from './deps.ts';
import { keptOf, mostObservations } from './kept.ts';

/**
 * The answer to what a person asked in the incident's thread, from what was observed and decided; or why there is none. Who asks for a summary
 * gets one, where a model has that task.
 */
export async function explain(
  deps: Deps,
  incidentId: string,
  asked: { readonly person: string; readonly text: string },
  signal: AbortSignal,
): Promise<string> {
  const { model, observations, findings: found, plans, incidents } = deps;
  const [incident, findings, stored, listed] = await Promise.all([
    incidents.get(incidentId),
    found.listForIncident(incidentId),
    plans.listForIncident(incidentId),
    observations.listForIncident(incidentId),
  ]);
  const kept = await keptOf(deps, [
    ...listed
      .filter(({ status }) => status === 'ok')
      .slice(-mostObservations)
      .map(({ id }) => id),
    ...findings.flatMap(({ edges }) => edges.map(({ observation }) => observation)),
  ]);
  const task = asksForSummary(asked.text) && model.serves('summarise') ? 'summarise' : 'explain';
  const record = recordText(incident, stored);
  const outcome = await model.ask({
    task,
    incidentId,
    person: asked.person,
    question:
      task === 'explain'
        ? 'Answer the question of the text with the id "question".'
        : 'Summarise the incident, as the text "question" asks.',
    texts: [
      { id: 'question', dataClass: 'message', label: 'the question of a person', text: asked.text, rank: 2_000 },
      record,
      ...textsOf(incident, findings, kept),
    ],
    tools: [],
    schema: Explanation,
    signal,
  });
  if (outcome.kind !== 'answer') {
    const reason = outcome.kind === 'none' ? outcome.reason : 'the model gave no answer';
    return `I cannot answer that: ${inert(reason, () => true)}.`;
  }
  const shown = [{ alias: recordId, id: recordId, text: record.text }, ...shownOf(kept)];
  const words = explanationWords(outcome.value, shown);
  for (let i = 0; i < words.dropped; i += 1) deps.counted.dropped('not_stated');
  return task === 'explain' ? words.text : summaryWords(words.text, outcome.use);
}
