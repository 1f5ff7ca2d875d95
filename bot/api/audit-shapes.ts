import { z } from 'zod';
import { Sha256 } from '../../tools/contract.ts';
import { LogProblem } from '../audit/problem.ts';
import { StoredCheckpoint } from '../store/audit-checkpoints.ts';
import { page } from './shapes.ts';

export const ProofAnswer = z.object({
  seq: z.number().int(),
  /** As RFC 6962 counts: from 0. */
  leafIndex: z.number().int(),
  treeSize: z.number().int(),
  leaf: Sha256,
  /** RFC 6962, 2.1.1: the audit path, from the leaf's neighbour on. */
  hashes: z.array(Sha256),
  /** The signed note whose root the path leads to. */
  checkpoint: z.string(),
});
export type ProofAnswer = z.infer<typeof ProofAnswer>;

export const CheckpointsAnswer = page(StoredCheckpoint).extend({
  /** The log's name. */
  origin: z.string(),
  /** Verifier keys that have signed (c2sp.org/signed-note). Whoever verifies has them from elsewhere. */
  keys: z.array(z.string()),
});

export const VerifyBody = z.strictObject({
  from: z.int().min(1).default(1).describe('first entry; those before it are taken as stored'),
  checkpoint: z.string().max(10_000).optional().describe('a checkpoint from outside the database, which the log has to continue'),
});
export type VerifyBody = z.infer<typeof VerifyBody>;

export const VerifyAnswer = z.object({
  origin: z.string(),
  ok: z.boolean(),
  problem: LogProblem.nullable(),
  from: z.number().int(),
  /** The last entry that was looked at. */
  to: z.number().int(),
  /** Send as `from` for what follows; null: that was all. */
  next: z.number().int().nullable(),
  /** RFC 6962, 2.1.2: from the given checkpoint to the newest; null: none was given, or it is not continued. */
  consistency: z.object({ first: z.number().int(), second: z.number().int(), hashes: z.array(Sha256) }).nullable(),
});
export type VerifyAnswer = z.infer<typeof VerifyAnswer>;
