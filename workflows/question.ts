import { thinker } from './isolate/proxies.ts';

export interface QuestionArgs {
  readonly incidentId: string;
  /** The answer is posted once per key. */
  readonly key: string;
  readonly person: string;
  readonly text: string;
}

/** One question of a person about an incident, answered in its thread from what was observed. Changes nothing. */
export async function question({ incidentId, ...asked }: QuestionArgs): Promise<void> {
  await thinker.explain(incidentId, asked);
}
