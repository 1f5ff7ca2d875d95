import { z } from 'zod';
import { checkLog, continues } from '../../audit/check.ts';
import { type Checkpoint, parseCheckpoint } from '../../audit/checkpoint.ts';
import { checkpointLine } from '../../audit/checkpoint-file.ts';
import { type NoteKey, parseVerifier, signedBy } from '../../audit/note.ts';
import { consistencyProof, inclusionProof } from '../../audit/proof.ts';
import { auditOrigin, checkpointsBefore, checkpointsFrom, latestCheckpoint, listKeys } from '../../store/audit-checkpoints.ts';
import { placedBodies, readNodes } from '../../store/audit-sequence.ts';
import type { Db } from '../../store/sql.ts';
import { CheckpointsAnswer, ProofAnswer, VerifyAnswer, VerifyBody } from '../audit-shapes.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { createExports } from '../exports.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { Problem } from '../problem.ts';
import { Limit } from '../shapes.ts';
import { ndjson } from './audit.ts';

const Place = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Entries per call of verify. */
const verifyLimit = 20_000;
const streamPage = 500;

async function* checkpointLines(db: Db): AsyncGenerator<string> {
  for (let from = 1; ; ) {
    const checkpoints = await checkpointsFrom(db, from, Number.MAX_SAFE_INTEGER, streamPage);
    for (const checkpoint of checkpoints) yield `${checkpointLine(checkpoint)}\n`;
    const last = checkpoints.at(-1);
    if (last === undefined) return;
    from = last.size + 1;
  }
}

async function proofOf(db: Db, seq: number): Promise<ProofAnswer> {
  const [[placed], checkpoint] = await Promise.all([placedBodies(db, seq, 1), latestCheckpoint(db)]);
  if (placed?.seq !== seq || checkpoint === null || checkpoint.size < seq)
    throw new Problem(404, 'not_found', `There is no entry ${seq} in the signed log.`);
  const { size, note } = checkpoint;
  const hashes = await inclusionProof(readNodes(db), seq - 1, size);
  return { seq, leafIndex: seq - 1, treeSize: size, leaf: placed.hashes.slice(0, 64), hashes: [...hashes], checkpoint: note };
}

function givenCheckpoint(note: string, origin: string, keys: readonly NoteKey[]): Checkpoint {
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === null) throw new Problem(422, 'no_checkpoint', 'This is no checkpoint: send the whole signed note.');
  if (checkpoint.origin !== origin) throw new Problem(422, 'other_log', `This checkpoint is of another log; this one is ${origin}.`);
  if (signedBy(checkpoint.note, keys) !== 'good')
    throw new Problem(422, 'not_signed', 'This checkpoint is not signed by a key of this log.');
  return checkpoint;
}

async function verify(db: Db, { from, checkpoint: note }: VerifyBody): Promise<VerifyAnswer> {
  const origin = await auditOrigin(db);
  const keys = (await listKeys(db)).flatMap((text) => parseVerifier(text) ?? []);
  const given = note === undefined ? null : givenCheckpoint(note, origin, keys);
  const checked = await checkLog(db, { from, limit: verifyLimit, keys, origin });
  const { to, size } = checked;
  const problem = checked.problem ?? (given === null ? null : await continues(db, size, given));
  const proven = given === null || problem !== null ? null : await consistencyProof(readNodes(db), given.size, size);
  return {
    origin,
    ok: problem === null,
    problem,
    from,
    to,
    next: problem === null && to < size ? to + 1 : null,
    consistency: given === null || proven === null ? null : { first: given.size, second: size, hashes: [...proven] },
  };
}

export function auditProofRoutes(v1: Routes, { store: { reads } }: ApiOptions): void {
  const send = createExports();
  v1.get(
    '/audit/entries/:seq/proof',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'That an entry is in the signed log',
        params: z.object({ seq: Place }),
        response: { 200: ProofAnswer },
      },
    },
    (request) => proofOf(reads.db, request.params.seq),
  );

  v1.get(
    '/audit/checkpoints',
    {
      config: { scope: 'read', produces: [ndjson] },
      schema: {
        summary: `Signed roots, newest first; with Accept: ${ndjson} all of them, oldest first, one a line`,
        querystring: z.object({ cursor: Cursor('checkpoints'), limit: Limit }),
        response: { 200: CheckpointsAnswer },
      },
    },
    async (request, reply) => {
      if (request.method !== 'HEAD' && request.headers.accept?.includes(ndjson) === true)
        return reply.type(ndjson).send(send(checkpointLines(reads.patient)) as never);
      const { cursor, limit } = request.query;
      const items = await checkpointsBefore(reads.db, cursor === null ? null : Number(cursor), limit);
      const next = nextOf('checkpoints', items, limit, ({ size }) => size);
      return { items: [...items], next, origin: await auditOrigin(reads.db), keys: [...(await listKeys(reads.db))] };
    },
  );

  const once = oneAtATime('check of the audit log', (body: VerifyBody) => verify(reads.patient, body));
  v1.post(
    '/audit/verify',
    {
      config: { scope: 'read', idempotency: 'none' },
      schema: {
        summary: 'Recompute the stored log and compare it with its checkpoints',
        body: VerifyBody,
        response: { 200: VerifyAnswer },
      },
    },
    (request) => once(request.body),
  );
}
