import type { Entity, Finding } from '../contracts/finding.ts';
import { bounded } from './bounded.ts';
import type { Seen } from './model/seen.ts';

export interface Claimed {
  readonly analyzer: string;
  readonly cause: string;
  readonly entity: Entity;
  readonly title: string;
  readonly mechanism: string;
  readonly refutedBy: string;
  readonly confidence: number;
  /** At least one. */
  readonly evidence: readonly Evidence[];
  readonly facts?: Finding['facts'];
}

type Evidence = readonly [seen: Seen, excerpt: string];

/** Within the bounds of a finding; of each observation one excerpt is kept. */
export function finding({ evidence, facts, title, mechanism, refutedBy, ...rest }: Claimed): Finding {
  const { site, namespace, kind, name } = rest.entity;
  const edges = new Map(
    evidence.map(([{ observation }, excerpt]) => [
      observation,
      { observation, relation: 'supports' as const, excerpt: bounded(excerpt, 500) },
    ]),
  );
  return {
    id: `${rest.cause}:${site}/${namespace ?? ''}/${kind}/${name}`,
    ...rest,
    title: bounded(title, 200),
    mechanism: bounded(mechanism, 1_000),
    refutedBy: bounded(refutedBy, 500),
    edges: [...edges.values()],
    facts: facts ?? {},
  };
}
