import type { Redactor } from '../../tools/ports.ts';
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
  /** Words from people and systems; redacted here. */
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
function presentable(redact: Redactor, value: unknown): unknown {
  return cleanDeep(redact.value(value).value);
}

function cleanDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (typeof value !== 'object' || value === null) return clean(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, leaf]) => (leaf === undefined ? [] : [[String(clean(key)), cleanDeep(leaf)]])),
  );
}

export function createRecorder(options: RecorderOptions): Recorder {
  return async (tx, decision) => {
    const at = options.now();
    const id = uuidv7(at);
    const data = { ...(presentable(options.redact, decision.words ?? {}) as object), ...decision.ids };
    const planId = decision.planId ?? null;
    await appendAudit(tx, {
      version: 1,
      id,
      at: at.toISOString(),
      kind: decision.kind,
      actor: decision.actor,
      incidentId: decision.incidentId,
      planId,
      data,
    });
    if (decision.mirror !== false && decision.incidentId !== null) {
      const body = { at: at.toISOString(), actor: decision.actor, planId, data };
      const message = { decisionId: id, incidentId: decision.incidentId, kind: decision.kind, body };
      await enqueue(tx, message, routesOf(decision.kind, options.sinks), options.patience);
    }
    return id;
  };
}
