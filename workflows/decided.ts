import type { Judged } from '../policy/judged.ts';
import type { DecisionRecord } from './ports.ts';

/** What a decision is about: null where there is none such (yet). */
export interface DecisionSubject {
  readonly incidentId: string | null;
  readonly planId?: string | null;
  readonly stepId?: string | null;
}

/** A decision as it is recorded. */
export function decided(
  { input, decision, bundle }: Judged,
  { incidentId, planId = null, stepId = null }: DecisionSubject,
): DecisionRecord {
  return { incidentId, planId, stepId, bundle, input, result: decision };
}
