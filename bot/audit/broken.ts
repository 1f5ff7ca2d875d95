import { readNodes } from '../store/audit-sequence.ts';
import type { Db } from '../store/sql.ts';
import type { Checkpoint } from './checkpoint.ts';
import { rowAt } from './proof.ts';
import { rootOf } from './tree.ts';

/** The database does not hold what was signed. Nothing is signed until somebody has looked. */
export class LogBroken extends Error {
  readonly code = 'audit_log_broken';
  constructor(message: string) {
    super(message);
    this.name = 'LogBroken';
  }
}

/** A log never signs what contradicts what it has signed before (https://c2sp.org/tlog-checkpoint). `size`: what the database holds. Throws LogBroken. */
export async function refuseFork(db: Db, size: number, signed: Checkpoint): Promise<void> {
  if (size >= signed.size && rootOf(await rowAt(readNodes(db), signed.size)) === signed.root) return;
  const holds = size < signed.size ? `only ${size} entries` : `other entries up to ${signed.size}`;
  throw new LogBroken(
    `a checkpoint of ${signed.size} audit entries was signed, but the database holds ${holds}: it was changed, or restored from an old backup. ` +
      'Nothing is signed until the exported checkpoints are moved aside and the mirror is started again; keep them, they prove what is missing',
  );
}
