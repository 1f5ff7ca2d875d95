import type { Redactor } from '../../tools/ports.ts';
import { commit } from '../audit/commitment.ts';
import type { Kind } from '../mirrors/kinds.ts';
import { type Peer, routesOf } from '../mirrors/routes.ts';
import { type Actor, appendAudit } from './audit.ts';
import { uuidv7 } from './id.ts';
import { enqueue } from './outbox.ts';
import { clean, type Tx } from './sql.ts';

/** A change of state, as it is recorded. */
export interface Decision {
  /** e.g. `plan.approved`. The table of kinds (bot/mirrors/kinds.ts) says where it is mirrored, if it has an incident. */
  readonly kind: Kind;
  readonly actor: Actor;
  readonly incidentId: string | null;
  readonly planId?: string | null;
  /** Identifiers and hashes, kept as they are. */
  readonly ids?: Readonly<Record<string, string | number | null>>;
  /** Words from people and systems; redacted here. In the audit entry stand commitments to them. */
  readonly words?: Readonly<Record<string, unknown>>;
  /** Held back from the mirrors, whatever the table says. */
  readonly mirror?: false;
}

/** Writes the audit entry, and one outbox row for each queue that the decision goes into. Answers the decision's id. Call it last in a transaction. */
export type Recorder = (tx: Tx, decision: Decision) => Promise<string>;

export interface RecorderOptions {
  readonly redact: Redactor;
  readonly now: () => Date;
  /** The mirrors that are configured. */
  readonly sinks: readonly Peer[];
  /** Seconds for which a decision that may be one line of several waits for others. */
  readonly patience: number;
}

export const system: Actor = { kind: 'system', id: 'watchkeeper' };

/** Redacted, and without what JSON in Postgres refuses. */
function presentable(redact: Redactor, words: Decision['words']): Record<string, unknown> {
  return cleanDeep(redact.value(words ?? {}).value) as Record<string, unknown>;
}

/** `data` as it is hashed, and what its commitments were made of. Null says nothing about anybody, so it stays. */
function committed(words: Record<string, unknown>, ids: Decision['ids'] = {}) {
  const said = Object.entries(words).flatMap(([field, value]) => (value === null || field in ids ? [] : [[field, commit(value)] as const]));
  return {
    data: { ...words, ...Object.fromEntries(said.map(([field, { commitment }]) => [field, commitment])), ...ids },
    disclosures: Object.fromEntries(said.map(([field, { disclosure }]) => [field, disclosure])),
  };
}

function cleanDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (typeof value !== 'object' || value === null) return clean(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, leaf]) => (leaf === undefined ? [] : [[String(clean(key)), cleanDeep(leaf)]])),
  );
}

export function createRecorder({ redact, now, sinks, patience }: RecorderOptions): Recorder {
  return async (tx, { kind, actor, incidentId, planId = null, ids, words: said, mirror }) => {
    const time = now();
    const at = time.toISOString();
    const id = uuidv7(time);
    const words = presentable(redact, said);
    const { data, disclosures } = committed(words, ids);
    await appendAudit(tx, { version: 2, id, at, kind, actor, incidentId, planId, data }, disclosures);
    if (mirror !== false && incidentId !== null) {
      // The mirrors show the words: they get them as they are.
      const body = { at, actor, planId, data: { ...words, ...ids } };
      await enqueue(tx, { decisionId: id, incidentId, kind, body }, routesOf(kind, sinks), patience);
    }
    return id;
  };
}
