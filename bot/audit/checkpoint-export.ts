import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { checkpointsWithLeaves } from '../store/audit-checkpoints.ts';
import { LogBroken } from './broken.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { CheckpointFile, CheckpointLine } from './checkpoint-file.ts';
import { type Loop, startLoop } from './loop.ts';

const everyMs = 1_000;
const batch = 100;

export interface FileExport {
  /** The newest checkpoint that is on disk; null: none. */
  newest(): Checkpoint | null;
  /** Appends what is new; true: there is more. Throws LogBroken where the database does not continue the file. */
  step(): Promise<boolean>;
}

/** Every checkpoint goes to the file, in order, each with the leaf hashes since the one before. */
export function createFileExport(pool: DatabasePool, file: CheckpointFile): FileExport {
  let last: CheckpointLine | null = file.last;
  return {
    newest: () => (last === null ? null : parseCheckpoint(last.note)),
    async step() {
      const rows = await checkpointsWithLeaves(pool, last?.size ?? 0, batch);
      if (last !== null && rows[0]?.note !== last.note)
        throw new LogBroken(`the exported checkpoint of ${last.size} audit entries is not in the database: it was changed, or restored`);
      const fresh = rows.slice(last === null ? 0 : 1).map(({ leaves, ...row }) => ({ ...row, leaves: leaves.toString('base64') }));
      await file.append(fresh);
      last = fresh.at(-1) ?? last;
      return rows.length === batch;
    },
  };
}

export function startFileExport(files: FileExport, log: Logger): Loop {
  const work = async () => ((await files.step()) ? 0 : everyMs);
  return startLoop({ work, retryMs: everyMs, failure: 'checkpoints of the audit log cannot be exported to the file', log });
}
