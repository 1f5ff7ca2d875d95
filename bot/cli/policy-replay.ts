import { Replay } from '../policy/replay-answer.ts';
import { connect } from './connect.ts';
import type { Variables } from './settings.ts';

type Changed = Replay['changed'][number];

/** All parts of a replay as one. */
export interface WholeReplay {
  readonly bundle: string;
  readonly since: string;
  readonly totals: { readonly evaluated: number; readonly changed: number; readonly unanswered: number };
  readonly changed: Replay['changed'];
  readonly unanswered: Replay['unanswered'];
}

/** Milliseconds; the server answers each part sooner. */
const timeoutMs = 30_000;

/** `archive`: the compiled bundle. Throws as the API client does. */
export async function replayAll(archive: Uint8Array, since: Date, variables: Variables | undefined): Promise<WholeReplay> {
  const client = connect(variables, timeoutMs);
  const body = { since: since.toISOString(), bundle: Buffer.from(archive).toString('base64') };
  const parts: Replay[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const part: Replay = await client.request('POST', '/v1/policy/replay', Replay, { ...body, ...(cursor && { cursor }) });
    parts.push(part);
    cursor = part.next;
  }
  const changed = parts.flatMap((part) => part.changed);
  const unanswered = parts.flatMap((part) => part.unanswered);
  const evaluated = parts.reduce((sum, part) => sum + part.evaluated, 0);
  const totals = { evaluated, changed: changed.length, unanswered: unanswered.length };
  return { bundle: parts[0]?.bundle ?? '', since: body.since, totals, changed, unanswered };
}

function needWords({ verdict, needed, roles, excludeRequester, groups }: Changed['before']): string {
  if (verdict !== 'needs_approval') return verdict;
  const from = groups.map((need) => `, ${need.needed} of them from ${need.group}`).join('');
  return `needs ${needed} by ${roles.join(' or ')}${excludeRequester ? ', not the requester' : ''}${from}`;
}

function placeWords({ at, incident, plan, step, question }: Omit<Changed, 'before' | 'after'>): string {
  const about = [`incident ${incident}`, ...(plan === null ? [] : [`plan ${plan}`]), ...(step === null ? [] : [`step ${step}`])];
  return `${at}  ${question}  ${about.join('  ')}`;
}

export function replayLines({ since, totals, changed, unanswered }: WholeReplay): readonly string[] {
  return [
    ...changed.flatMap(({ before, after, ...place }) => [
      placeWords(place),
      `  was  ${needWords(before)}`,
      `  now  ${needWords(after)}: ${after.reasons.join('; ')}`,
    ]),
    ...unanswered.flatMap(({ reason, ...place }) => [placeWords(place), `  could not be evaluated: ${reason}`]),
    `${totals.evaluated} evaluated since ${since}, ${totals.changed} changed, ${totals.unanswered} could not be evaluated.`,
  ];
}
