import type { GrantRefusal } from '../../tools/grant-refusal.ts';
import { refusalWords } from '../../tools/grant-refusal.ts';
import type { Actor } from './audit.ts';
import * as grants from './grants.ts';
import { incidentExists } from './incidents.ts';
import { type Recorder, system } from './record.ts';
import type { Tx } from './sql.ts';

/** Uses a grant up, so that no runner can any more; false when one had claimed it before. */
export async function burn(tx: Tx, record: Recorder, jti: string): Promise<boolean> {
  const burnt = await grants.burnGrant(tx, jti);
  const place = await grants.placeOfGrant(tx, jti);
  await record(tx, {
    kind: 'grant.burnt',
    actor: system,
    incidentId: place?.incidentId ?? null,
    planId: place?.planId ?? null,
    ids: { jti, step: place?.stepId ?? null, unused: burnt ? 'yes' : 'no' },
  });
  return burnt;
}

/** One claim wins. It is audited with the runner's token as the actor, and so is every claim that does not win. */
export async function claim(tx: Tx, record: Recorder, jti: string, actor: Actor, runner: string): Promise<grants.ClaimResult> {
  const result = await grants.claimGrant(tx, jti, `${actor.kind}:${actor.id}`);
  if (result.kind !== 'claimed') {
    const code = result.kind === 'unknown' ? 'unknown_grant' : result.kind;
    await recordRefusal(tx, record, jti, actor, { code, runner, incidentId: null });
    return result;
  }
  const { incidentId, planId, stepId } = result;
  await record(tx, { kind: 'grant.claimed', actor, incidentId, planId, ids: { jti, step: stepId }, words: { runner } });
  return result;
}

type Refused = Pick<GrantRefusal, 'code' | 'runner'> &
  Partial<Pick<GrantRefusal, 'operation' | 'at'>> & { readonly incidentId: string | null };

/**
 * Audits what a runner refused. A grant that was issued says by itself what it is for; of any other one nothing is proved, so its id is
 * treated as words, and the incident is the one that the runner was called for.
 */
export async function recordRefusal(tx: Tx, record: Recorder, jti: string | null, actor: Actor, refused: Refused): Promise<void> {
  const { code, runner, operation, at } = refused;
  const place = jti === null ? null : await grants.placeOfGrant(tx, jti);
  const called = refused.incidentId !== null && (await incidentExists(tx, refused.incidentId)) ? refused.incidentId : null;
  await record(tx, {
    kind: 'grant.refused',
    actor,
    incidentId: place?.incidentId ?? called,
    planId: place?.planId ?? null,
    ids: { code, step: place?.stepId ?? null, runnerTime: at ?? null, ...(place === null ? {} : { jti }) },
    words: { message: refusalWords(code), runner, operation: operation ?? null, ...(place === null ? { statedId: jti } : {}) },
  });
}
