import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabasePool } from 'slonik';
import type { Kind } from '../mirrors/kinds.ts';
import { auditOrigin, publishKey } from '../store/audit-checkpoints.ts';
import { look, sequenceHead } from '../store/audit-sequence.ts';
import { uuidv7 } from '../store/id.ts';
import { inTransaction } from '../store/pool.ts';
import { createRecorder, type Decision } from '../store/record.ts';
import { testRedactor } from '../store/testing.ts';
import type { Checkpoint } from './checkpoint.ts';
import { noteSigner, type Signer, verifierText } from './note.ts';
import { createSequencer, type Sequencer } from './sequencer.ts';

/** A log with a key of its own. */
export interface TestLog {
  readonly signer: Signer;
  readonly sequencer: Sequencer;
  /** Sequences everything that is there, in rounds as large as they can be; waits for transactions of other tests on the same server. */
  settle(): Promise<void>;
}

export async function createTestLog(pool: DatabasePool, remembered: () => Checkpoint | null = () => null): Promise<TestLog> {
  const signer = noteSigner(await auditOrigin(pool), generateKeyPairSync('ed25519').privateKey);
  await publishKey(pool, verifierText(signer));
  const sequencer = createSequencer({ pool, signer, remembered });
  return {
    signer,
    sequencer,
    async settle() {
      for (;;) {
        const [{ entry }, { highest, xmin, xmax }] = await Promise.all([sequenceHead(pool), look(pool)]);
        if (highest === entry) return;
        if (xmin === xmax) await sequencer.round();
        else await delay(5);
      }
    },
  };
}

export const record = createRecorder({ redact: testRedactor, now: () => new Date(), sinks: [], patience: 0 });

/** Any kind: tests of the log have kinds of their own. */
export type Said = Omit<Partial<Decision>, 'kind'> & { readonly kind?: string };

/** Writes an entry as the program does; answers its id. */
export function say(pool: DatabasePool, { kind = 'vote.recorded', ...change }: Said = {}): Promise<string> {
  const decision: Decision = {
    kind: kind as Kind,
    actor: { kind: 'person', id: 'alice' },
    incidentId: null,
    ids: { vote: uuidv7(new Date()), verdict: 'approve' },
    words: { reason: 'looks right' },
    ...change,
  };
  return inTransaction(pool, (tx) => record(tx, decision));
}

/** Writes `count` entries, one after the other. */
export async function sayMany(pool: DatabasePool, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await say(pool, { ids: { index } });
}
