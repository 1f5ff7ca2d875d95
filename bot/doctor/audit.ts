import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { callReceiver, receiverName, refusalOf } from '../audit/receiver.ts';
import type { Environment } from '../config-environment.ts';
import type { ConfigFile } from '../config-file.ts';
import { isSigningKey } from '../keys.ts';
import { latestCheckpoint } from '../store/audit-checkpoints.ts';
import { deliveryTo } from '../store/audit-deliveries.ts';
import { countWaiting, waitingSince } from '../store/audit-sequence.ts';
import { createPool } from '../store/pool.ts';
import { type Finding, fine, problem, wordsOf } from './finding.ts';

/** Milliseconds after which an entry of a log that is signed every second should not wait any more. */
const lateMs = 60_000;

function checkKey({ AUDIT_SIGNING_KEY: key }: Environment): Finding {
  if (key === undefined) return fine('audit key', 'embedded: AUDIT_SIGNING_KEY is not set');
  if (isSigningKey(key)) return fine('audit key', 'AUDIT_SIGNING_KEY is an Ed25519 private key');
  return problem(
    'audit key',
    'AUDIT_SIGNING_KEY is no Ed25519 private key',
    'make one, and keep it: openssl genpkey -algorithm ed25519 -out audit.pem, then AUDIT_SIGNING_KEY="$(cat audit.pem)"',
  );
}

async function checkReceiver(env: Environment, { audit }: ConfigFile): Promise<Finding> {
  const { http } = audit.checkpoints;
  if (http === undefined) return fine('audit checkpoints', 'are kept in a file only: audit.checkpoints.http is not set');
  const place = { url: http.url, token: env.AUDIT_CHECKPOINTS_TOKEN ?? null };
  try {
    const response = await callReceiver(place, 'HEAD');
    // A receiver need not know HEAD: what counts is that it lets us in.
    const refusal = [401, 403, 404].includes(response.status) || response.status >= 500 ? refusalOf(place, response) : null;
    if (refusal === null) return fine('audit checkpoints', `${receiverName(place)} answers`);
    return problem(
      'audit checkpoints',
      refusal.message,
      response.status === 401 || response.status === 403
        ? `set ${http.tokenVariable} to a token that it accepts`
        : 'correct audit.checkpoints.http.url: that address takes no checkpoints now',
    );
  } catch (error) {
    return problem(
      'audit checkpoints',
      wordsOf(error),
      `correct audit.checkpoints.http.url, and see that it can be reached from here: curl -sSI ${new URL(http.url).origin}`,
    );
  }
}

/** Days for which it is said that a receiver had to be sent everything again. */
const doubtDays = 7;

/** Whether the receiver can have what the database says that it has. */
async function checkDelivery(pool: DatabasePool, { audit: { checkpoints } }: ConfigFile): Promise<Finding[]> {
  if (checkpoints.http === undefined) return [];
  const receiver = receiverName({ url: checkpoints.http.url, token: null });
  const delivery = await deliveryTo(pool, receiver);
  const recent = delivery?.doubtedAt != null && Date.now() - Date.parse(delivery.doubtedAt) < doubtDays * 86_400_000;
  if (delivery === null || (delivery.proven && !recent)) return [];
  const detail = delivery.proven
    ? `on ${delivery.doubtedAt} ${receiver} was said to have a checkpoint that the log had not, and was sent everything again`
    : `${receiver} is said to have the checkpoint of ${delivery.size} entries, which the log has not: it is sent everything again`;
  const remedy = 'the database was restored, or somebody has been at it: watchkeeper audit verify, with the checkpoints that were kept';
  return [problem('audit deliveries', detail, remedy)];
}

/** Whether somebody signs what is written. Nothing is said where the database is not ours to read. */
async function checkSigned(env: Environment, file: ConfigFile, log: Logger): Promise<Finding[]> {
  if (env.DATABASE_URL === undefined) return [];
  try {
    const pool = await createPool(env.DATABASE_URL, log, 1);
    try {
      const [waiting, since, latest] = [await countWaiting(pool), await waitingSince(pool), await latestCheckpoint(pool)];
      const deliveries = await checkDelivery(pool, file);
      const state = `${latest?.size ?? 0} entries are signed, ${waiting} wait`;
      if (since === null || Date.now() - Date.parse(since) < lateMs) return [fine('audit log', state), ...deliveries];
      return [
        problem('audit log', `${state}, since ${since}`, 'start the role mirror (watchkeeper serve --role mirror), and look at its log'),
        ...deliveries,
      ];
    } finally {
      await pool.end();
    }
  } catch {
    // Said of Postgres itself.
    return [];
  }
}

/** The log of decisions: its key, where its checkpoints go, and that it is signed. */
export async function checkAudit(env: Environment, file: ConfigFile, log: Logger): Promise<Finding[]> {
  const [receiver, signed] = await Promise.all([checkReceiver(env, file), checkSigned(env, file, log)]);
  return [checkKey(env), ...signed, receiver];
}
