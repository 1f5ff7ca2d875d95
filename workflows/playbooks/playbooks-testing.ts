import { createRegistry } from '../../tools/registry.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { loadShipped, setOf } from './load.ts';
import type { Proposing } from './propose.ts';

/** Every operation there is. */
export const registry = createRegistry();
/** Everything that ships. */
export const shipped = setOf(loadShipped(registry));

export const finding = (change: Partial<Finding> = {}): Finding => ({
  id: 'f1',
  analyzer: 'failing-revision',
  title: 'Revision 3 of checkout crashes on start',
  mechanism: 'm',
  entity: { site: 'shop', kind: 'deployment', namespace: 'shop', name: 'checkout' },
  cause: 'crash_loop',
  confidence: 0.95,
  refutedBy: 'r',
  edges: [{ observation: 'a'.repeat(64), relation: 'supports', excerpt: 'e' }],
  facts: { workloadKind: 'deployment', revision: 3, goodRevision: 2 },
  ...change,
});

export const estate: Estate = {
  sites: [{ name: 'shop', environment: 'production', systems: ['kubernetes', 'prometheus', 'helm'] }],
  services: [
    {
      ...{ name: 'checkout', site: 'shop', namespace: 'shop', owners: [] },
      ...{ errorRateQuery: 'rate', errorRateLimit: 0.05, verifyWithinSeconds: 60, channel: null },
    },
  ],
  people: [],
};

export const proposing = (over: Partial<Proposing> = {}): Proposing => ({
  ...{ operations: registry, set: shipped, estate, alerts: [], output: () => undefined },
  ...over,
});
