import { z } from 'zod';
import { Verdict } from '../../workflows/contracts/plan.ts';

const Reference = z.object({ p: z.string(), h: z.string() });
const Question = Reference.extend({ v: Verdict, c: z.string().nullable(), t: z.string().nullable() });

/** What a plan's button carries: plan id and request hash. Throws on anything else. */
export function readReference(value: string): z.infer<typeof Reference> {
  return Reference.parse(JSON.parse(value));
}

/** What a modal that asks for a reason carries: the same, the verdict, and where the person was. */
export type Question = z.infer<typeof Question>;

export function readQuestion(metadata: string): Question {
  return Question.parse(JSON.parse(metadata));
}
