import type { PolicyBundle } from '../../policy/decide.ts';
import { Replay } from '../policy/replay-answer.ts';
import { connect } from './connect.ts';
import { type ChangeGroup, type GapGroup, groupChanges, groupGaps } from './policy-replay-groups.ts';
import type { Variables } from './settings.ts';

/** All parts of a replay as one. */
export interface WholeReplay {
  readonly bundle: string;
  readonly since: string;
  readonly totals: { readonly evaluated: number; readonly changed: number; readonly unanswered: number };
  /** What changes together, and what could not be evaluated for the same reason; most first. */
  readonly summary: { readonly changed: readonly ChangeGroup[]; readonly unanswered: readonly GapGroup[] };
  readonly changed: Replay['changed'];
  readonly unanswered: Replay['unanswered'];
}

/** Milliseconds; the server answers each part sooner. */
const timeoutMs = 30_000;

/** Throws as the API client does. */
export async function replayAll({ wasm, data }: PolicyBundle, since: Date, variables: Variables | undefined): Promise<WholeReplay> {
  const client = connect(variables, timeoutMs);
  const base64 = (part: Uint8Array) => Buffer.from(part).toString('base64');
  const body = { since: since.toISOString(), bundle: { wasm: base64(wasm), data: base64(data) } };
  const parts: Replay[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const part: Replay = await client.request('POST', '/v1/policy/replay', Replay, { ...body, ...(cursor && { cursor }) });
    parts.push(part);
    cursor = part.next;
  }
  const changed = parts.flatMap((part) => part.changed);
  const unanswered = parts.flatMap((part) => part.unanswered);
  const evaluated = parts.reduce((sum, part) => sum + part.evaluated, 0);
  return {
    bundle: parts[0]?.bundle ?? '',
    since: body.since,
    totals: { evaluated, changed: changed.length, unanswered: unanswered.length },
    summary: { changed: groupChanges(changed), unanswered: groupGaps(unanswered) },
    changed,
    unanswered,
  };
}
