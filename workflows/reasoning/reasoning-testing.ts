import { createRegistry } from '../../tools/registry.ts';
import type { Shown } from './evidence.ts';
import type { Hypotheses } from './hypotheses.ts';

export const registry = createRegistry();
export const estate = { sites: [{ name: 'shop', environment: 'production', systems: ['kubernetes', 'prometheus'] }] };
export const log = {
  alias: 'o-aaaaaaaaaa',
  id: 'a'.repeat(64),
  text: 'checkout-7d9c5b8f6b-x2x7k\nlevel=error msg="pool exhausted" size=20 host=db.shop.svc',
};
export const metric = { alias: 'o-bbbbbbbbbb', id: 'b'.repeat(64), text: '{"value": 0.31, "service": "checkout"}' };
export const shown: readonly Shown[] = [log, metric];
export const known = (name: string) => ['shop', 'deployment', ...shown.map(({ text }) => text)].join('\n').includes(name);

export const hypothesis = (over: object = {}): Hypotheses['hypotheses'][number] => ({
  title: 'The pool is exhausted',
  mechanism: 'Requests wait for a connection.',
  cause: 'Connection Pool!',
  entity: { site: 'shop', kind: 'deployment', namespace: 'shop', name: 'checkout' },
  confidence: 1,
  refutedBy: 'The pool has room.',
  claims: [{ text: 'The pool of 20 is exhausted.', cites: [{ id: log.alias, quote: 'pool exhausted' }] }],
  against: [{ id: metric.alias, quote: '0.31' }],
  ...over,
});
export const judging = { shown, estate, analyzers: [], by: 'p/m' };
