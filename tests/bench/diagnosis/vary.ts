import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import type { Case } from './cases.ts';
import { recordedSnapshot } from './recorded/snapshot.ts';
import type { Result } from './score.ts';
import { variations } from './vary/index.ts';
import { seeded } from './vary/variation.ts';
import { predictions } from './vocabulary.ts';

export interface Varied extends Result {
  readonly variation: string;
}

/** The case as others of its kind differ from it, each way once. */
export function varied(one: Case, cache: Readonly<Record<string, unknown>>): readonly Varied[] {
  const { answer, namespace } = one;
  if (answer === null) return [];
  return Object.entries(variations).flatMap(([variation, vary]) => {
    const changed = vary({ cache, namespace, answer }, seeded(`${variation} ${one.name}`));
    if (changed === null) return [];
    const started = performance.now();
    const found = predictions(diagnose(recordedSnapshot(changed.cache, namespace)));
    return [{ case: { ...one, answer: changed.answer }, predictions: found, ms: Math.round(performance.now() - started), variation }];
  });
}
