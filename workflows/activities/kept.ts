import type { Observation } from '../../tools/contract.ts';
import type { Deps } from './deps.ts';

/** An observation with its id. */
export type Kept = { readonly id: string; readonly body: Observation };

/** Observations of an incident that a question may be answered from; newer ones come first where there are more. */
export const mostObservations = 60;

export function keptOf({ observations }: Pick<Deps, 'observations'>, ids: readonly string[]): Promise<readonly Kept[]> {
  return Promise.all([...new Set(ids)].map(async (id) => ({ id, body: await observations.get(id) })));
}
