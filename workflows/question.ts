import { thinker, worker } from './isolate/proxies.ts';

export interface QuestionArgs {
  readonly incidentId: string;
  /** The answer is posted once per key. */
  readonly key: string;
  readonly person: string;
  readonly text: string;
}

/** One question of a person about an incident, answered in its thread from what was observed. Changes nothing. */
export async function question({ incidentId, ...asked }: QuestionArgs): Promise<void> {
  // Paid for once: while the chat is away only the post is tried again.
  const answer: string | undefined = await thinker.explain(incidentId, asked);
  // A worker of before has posted it by itself, and answers nothing.
  if (answer !== undefined) await worker.answerQuestion(incidentId, asked.key, answer);
}
