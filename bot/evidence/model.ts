import { z } from 'zod';
import type { Observation } from '../../tools/contract.ts';
import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Similar } from '../../workflows/contracts/memory.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Alert } from '../store/alerts.ts';
import type { ObservationHead } from '../store/observations.ts';

export const NodeKind = z.enum(['alert', 'change', 'observation', 'finding', 'step', 'verification', 'memory']);
export type NodeKind = z.infer<typeof NodeKind>;
/** `resembles`: what is remembered is like it. It proves nothing, and nothing that is decided looks at it. */
export const Relation = z.enum(['supports', 'contradicts', 'caused', 'verified by', 'resembles']);
export type Relation = z.infer<typeof Relation>;

export const EvidenceNode = z.object({
  /** Of an observation and a verification: its SHA-256. Of a step: `<plan>/<step>`. */
  id: z.string(),
  kind: NodeKind,
  label: z.string(),
  /** In the words of its kind: `ok`, `firing`, `done`, `held` …; null: it has none. */
  state: z.string().nullable(),
  /** A second line, e.g. the mechanism of a finding. */
  detail: z.string().nullable(),
  /** Of a finding, 0 to 1. */
  confidence: z.number().nullable(),
  at: z.string().nullable(),
});
export type EvidenceNode = z.infer<typeof EvidenceNode>;

export const EvidenceEdge = z.object({
  from: z.string(),
  to: z.string(),
  relation: Relation,
  /** What in the observation shows it, quoted shortly. */
  note: z.string().nullable(),
});
export type EvidenceEdge = z.infer<typeof EvidenceEdge>;

export const EvidenceGraph = z.object({ nodes: z.array(EvidenceNode), edges: z.array(EvidenceEdge) });
export type EvidenceGraph = z.infer<typeof EvidenceGraph>;

/** What is stored of an incident, as far as it is evidence. All of it is redacted. */
export interface Evidence {
  readonly alerts: readonly Alert[];
  readonly observations: readonly ObservationHead[];
  /** Bodies of observations that findings cite, as far as they were read. */
  readonly bodies: ReadonlyMap<string, Observation>;
  readonly findings: readonly Finding[];
  readonly plans: readonly StoredPlan[];
  /** Incidents of before that are like it. */
  readonly similar?: readonly Similar[];
}

export interface Parts {
  readonly nodes: readonly EvidenceNode[];
  readonly edges: readonly EvidenceEdge[];
}

export function edgeOf(from: string, relation: Relation, to: string, note: string | null = null): EvidenceEdge {
  return { from, to, relation, note };
}
