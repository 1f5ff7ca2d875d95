import type { Playbook } from './contract.ts';

/**
 * How narrow its conditions are: of several that match, the narrowest proposes. A service says more than a label, a label more than a
 * condition, that more than a kind or a fact; few causes say more than many.
 */
export function specificity({ when }: Playbook): number {
  const labels = Object.keys(when.alerts ?? {}).length;
  const causes = when.causes === undefined ? 0 : when.causes.length <= 3 ? 3 : 1;
  return (
    (when.services === undefined ? 0 : 20) +
    Math.min(labels, 5) * 8 +
    (when.if === undefined ? 0 : 4) +
    (when.kinds === undefined ? 0 : 2) +
    Math.min(when.facts.length, 3) +
    causes
  );
}
