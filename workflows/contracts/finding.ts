import { z } from 'zod';
import { Instant, Sha256, SiteName } from '../../tools/contract.ts';

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

/** Something that changed before the first symptom, with how likely it brought the finding about. */
export const FindingChange = z.object({
  /** That tells of it. */
  observation: Sha256,
  /** What was changed: `release web`. */
  subject: z.string().max(200),
  words: z.string().max(300),
  /** Why it stands where it stands: when, and where. */
  because: z.string().max(300),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  /** By the clock of whoever told it. */
  at: Instant,
  /** Where people can read more. */
  url: z.string().max(500).nullable(),
});
export type FindingChange = z.infer<typeof FindingChange>;

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
  /** What changed before it, the likeliest first; left out: nothing was seen. */
  changes: z.array(FindingChange).max(3).optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Finding = z.infer<typeof Finding>;
