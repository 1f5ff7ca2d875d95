import { createHash, generateKeyPairSync } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signCheckpoint } from '../../bot/audit/checkpoint.ts';
import { checkpointLine } from '../../bot/audit/checkpoint-file.ts';
import { commit } from '../../bot/audit/commitment.ts';
import { entryLine } from '../../bot/audit/export-lines.ts';
import { noteSigner, type Signer } from '../../bot/audit/note.ts';
import { grow, leafHash, rootOf, type Subtree } from '../../bot/audit/tree.ts';
import { verifyExport } from '../../bot/audit/verify.ts';
import { uuidv7 } from '../../bot/store/id.ts';
import { canonicalJson } from '../../tools/canonical.ts';
import { type Figure, median, round } from './figure.ts';

const entries = 1_000_000;
const perCheckpoint = 256;
const runs = 3;
const at = '2026-01-01T00:00:00.000Z';

/** As an incident writes them: of the 49 entries of the scenario bad-rollout, 12 hold words. */
function lineOf(seq: number): { line: string; leaf: string } {
  const said = seq % 4 === 0 ? commit(`the error rate is back below its limit, step ${seq}`) : null;
  const data = {
    vote: uuidv7(new Date()),
    verdict: 'approve',
    requestHash: 'ab'.repeat(32),
    approvals: seq,
    ...(said === null ? {} : { reason: said.commitment }),
  };
  const actor = { id: 'alice', kind: 'person' };
  const body = Buffer.from(
    canonicalJson({
      version: 2,
      id: uuidv7(new Date()),
      at,
      kind: 'vote.recorded',
      actor,
      incidentId: uuidv7(new Date()),
      planId: null,
      data,
    }),
  );
  const leaf = leafHash(body);
  const words = said === null ? null : canonicalJson({ reason: said.disclosure });
  return { leaf, line: entryLine({ seq, entry: seq, leaf, body, words }) };
}

function writeExport(path: string, signer: Signer): void {
  const file = openSync(path, 'w');
  const row: Subtree[] = [];
  let lines = [JSON.stringify({ format: 'watchkeeper-audit', version: 1, origin: signer.name, size: entries, exportedAt: at })];
  for (let seq = 1; seq <= entries; seq += 1) {
    const { line, leaf } = lineOf(seq);
    grow(row, { level: 0, hash: leaf }, seq);
    lines.push(line);
    if (seq % perCheckpoint !== 0 && seq !== entries) continue;
    const note = signCheckpoint({ origin: signer.name, size: seq, root: rootOf(row) }, signer);
    lines.push(checkpointLine({ size: seq, at, note }));
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  closeSync(file);
}

/** A hash chain over the lines of the same file, as it is usually written: each hash covers the line and the hash before it. */
async function walk(path: string): Promise<string> {
  let last = '';
  const lines = createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }) });
  for await (const line of lines) last = createHash('sha256').update(last).update(line).digest('hex');
  return last;
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return (performance.now() - started) / 1_000;
}

/** Verifying an export of a million entries, 3,907 checkpoints and 250,000 words, against a walk of SHA-256 over its lines in one thread. */
export async function auditVerify(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const path = join(directory, 'export.ndjson');
  try {
    const signer = noteSigner('watchkeeper/bench', generateKeyPairSync('ed25519').privateKey);
    writeExport(path, signer);
    const verify = async () => {
      const found = await verifyExport({ path, keys: () => [signer], checkpoints: [] });
      if (!found.ok || found.entries !== entries) throw new Error(`the bench's own export is not verified: ${found.problem?.words}`);
    };
    const pairs: { ours: number; plain: number }[] = [];
    for (let index = 0; index < runs; index += 1) pairs.push({ plain: await seconds(() => walk(path)), ours: await seconds(verify) });
    const ratio = median(pairs.map(({ ours, plain }) => plain / ours));
    const ours = median(pairs.map((pair) => pair.ours));
    return {
      name: 'audit verify, 1M entries',
      value: round(ratio, 2),
      unit: `× (${round(ours)} s, ${round(statSync(path).size / 1e6, 0)} MB)`,
      baseline: `SHA-256 walk on one thread ${round(median(pairs.map(({ plain }) => plain)))} s`,
      target: '≥ 1×, ≤ 10 s',
      met: ratio >= 1 && ours <= 10,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
