import type { Outcome } from '../workflows/contracts/incident.ts';
import { context, header, section } from './elements.ts';
import { link } from './escape.ts';
import type { Links } from './links.ts';
import { proof, type Recorded } from './proofs.ts';
import type { ShownPlan } from './shown-plan.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';
import { outcomeWords, planStateWords } from './words.ts';

export interface ShownResult {
  readonly incidentId: string;
  /** null while the incident is not closed yet. */
  readonly outcome: Outcome | null;
  readonly summary: string;
}

/** How it ended. `recorded`: decisions about the incident, in their order. */
export function resultMessage(result: ShownResult, shown: ShownPlan | null, links: Links, recorded: readonly Recorded[] = []): MessageView {
  const title = result.outcome === null ? 'Result' : outcomeWords[result.outcome];
  const plan = shown === null ? [] : [`${link(links.plan(shown.plan.id), `Plan ${shown.plan.id}`)}: ${planStateWords[shown.state]}`];
  const end = proof(links, recorded, ({ kind }) => kind === 'incident.closed');
  const body = truncate(result.summary, 2500);
  return {
    text: `${title}. ${truncate(result.summary, 500)}`,
    blocks: [
      header(title),
      ...(body.trim() === '' ? [] : [section(body)]),
      context(link(links.incident(result.incidentId), `Incident ${result.incidentId}`), ...plan, ...end),
    ],
  };
}
