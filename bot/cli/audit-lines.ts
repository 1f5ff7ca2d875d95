import { CheckpointsAnswer } from '../api/audit-shapes.ts';
import { type ClientOptions, createApiClient } from '../api/client.ts';
import { requestLines } from '../api/client-lines.ts';
import { EntryAnswer } from '../api/shapes.ts';
import { cefLine } from '../audit/cef.ts';
import { ocsfEvent, type SiemEntry } from '../audit/ocsf.ts';
import { otlpLine } from '../audit/otlp.ts';
import type { ExportHeader } from '../audit/verify.ts';

const entriesPath = '/v1/audit/entries';
const checkpointsPath = '/v1/audit/checkpoints';

function numberAfter(key: string, line: string): number | null {
  const found = new RegExp(`^\\{"${key}":(\\d+),`).exec(line)?.[1];
  return found === undefined ? null : Number(found);
}

/** The entries up to `size`, each checkpoint behind the last entry that it covers. */
async function* interleaved(options: ClientOptions, size: number): AsyncGenerator<string> {
  const checkpoints = requestLines(options, checkpointsPath);
  const sizeOf = (line: string | undefined) => (line === undefined ? Number.POSITIVE_INFINITY : (numberAfter('size', line) ?? 0));
  let checkpoint: string | undefined = (await checkpoints.next()).value;
  for await (const entry of requestLines(options, entriesPath)) {
    const seq = numberAfter('seq', entry);
    if (seq === null || seq > size) break;
    for (; sizeOf(checkpoint) < seq; checkpoint = (await checkpoints.next()).value) yield checkpoint ?? '';
    yield entry;
  }
  for (; sizeOf(checkpoint) <= size; checkpoint = (await checkpoints.next()).value) yield checkpoint ?? '';
  await checkpoints.return(undefined);
}

/** The whole signed log, one JSON object a line, for `audit verify`: header, verifier keys, entries, checkpoints. Throws as the API client does. */
export async function* exportNdjson(options: ClientOptions): AsyncGenerator<string> {
  const { origin, keys, items } = await createApiClient(options).request('GET', `${checkpointsPath}?limit=1`, CheckpointsAnswer);
  const size = items[0]?.size ?? 0;
  const header: ExportHeader = { format: 'watchkeeper-audit', version: 1, origin, size, exportedAt: new Date().toISOString() };
  yield JSON.stringify(header);
  for (const key of keys) yield JSON.stringify({ key });
  yield* interleaved(options, size);
}

const formats = { otlp: otlpLine, cef: cefLine } as const;

/** Entries after a place for another system, one a line. What has no place yet, or cannot be read any more, is left out. */
export async function* exportEvents(options: ClientOptions, format: keyof typeof formats, after: number): AsyncGenerator<string> {
  const { origin } = await createApiClient(options).request('GET', `${checkpointsPath}?limit=1`, CheckpointsAnswer);
  for await (const line of requestLines(options, `${entriesPath}?cursor=${after}`)) {
    const { seq, leaf, body, disclosures } = EntryAnswer.parse({ disclosures: {}, ...JSON.parse(line) });
    if (seq === null) return;
    if (body === null) continue;
    const entry: SiemEntry = { seq, leaf, body, disclosures };
    yield formats[format](ocsfEvent(entry, origin));
  }
}
