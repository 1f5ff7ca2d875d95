import { z } from 'zod';
import { Sha256, SiteName } from '../../tools/contract.ts';

/** What is at fault, in the system's own terms. */
export const Entity = z.object({
  site: SiteName,
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
});
export type Entity = z.infer<typeof Entity>;

/** `finding` → `observation`. */
export const EvidenceEdge = z.object({
  observation: Sha256,
  relation: z.enum(['supports', 'contradicts']),
  /** What in the observation shows it, quoted shortly; data, never instruction. */
  excerpt: z.string().max(500),
});
export type EvidenceEdge = z.infer<typeof EvidenceEdge>;

/** A hypothesis with its evidence. One without a supporting edge is never shown. */
export const Finding = z.object({
  id: z.string(),
  analyzer: z.string(),
  title: z.string().max(200),
  /** How the cause leads to the symptom. */
  mechanism: z.string().max(1000),
  entity: Entity,
  /** Stable machine word, e.g. `image_pull_failure`. */
  cause: z.string(),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** What would refute it. */
  refutedBy: z.string().max(500),
  edges: z.array(EvidenceEdge).min(1),
  /** Values that playbooks use to propose steps, e.g. `{"revision": 3, "goodRevision": 2}`. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Finding = z.infer<typeof Finding>;
