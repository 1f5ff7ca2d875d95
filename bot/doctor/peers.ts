import pg from 'pg';
import type { Logger } from 'pino';
import type { Environment } from '../config-environment.ts';
import type { ConfigFile } from '../config-file.ts';
import { createIssuer } from '../oidc/issuer.ts';
import { signInPlace } from '../roles/places.ts';
import { createSlackClient } from '../slack/client.ts';
import { createIdentity } from '../slack/identity.ts';
import { schemaState } from '../store/migrate.ts';
import { createPool } from '../store/pool.ts';
import { appliedMigrations } from '../store/schema-state.ts';
import { pingTemporal, temporalTarget } from '../temporal/connect.ts';
import { type Finding, fine, problem, wordsOf } from './finding.ts';
import { codeOf, postgresTodo, slackTodo, temporalTodo } from './remedies.ts';

const embedded = (name: string, variable: string) => fine(name, `embedded: ${variable} is not set`);

/** `applied`: what the database lists; null: it has no schema. */
function checkSchema(applied: readonly string[] | null): Finding {
  if (applied === null)
    return problem('Postgres', 'answers, but holds no schema', 'run: watchkeeper migrate (as the owner: DATABASE_MIGRATION_URL)');
  const { pending, unknown } = schemaState(applied);
  if (unknown.length > 0)
    return problem('Postgres', `holds a newer schema than this program knows (${unknown.join(', ')})`, 'start the version that made it');
  if (pending.length > 0)
    return problem(
      'Postgres',
      `holds an older schema than this program needs (${pending.length} migrations wait)`,
      'stop all roles, run watchkeeper migrate, and start the new version',
    );
  return fine('Postgres', 'answers, and has the schema of this version');
}

/** The store's own errors leave out why somebody was not let in. */
async function refusalOf(connectionString: string): Promise<string | null> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function checkPostgres(env: Environment, log: Logger): Promise<Finding> {
  if (env.DATABASE_URL === undefined) return embedded('Postgres', 'DATABASE_URL');
  try {
    const pool = await createPool(env.DATABASE_URL, log, 1);
    const applied = await appliedMigrations(pool);
    await pool.end();
    return checkSchema(applied);
  } catch (error) {
    return problem('Postgres', wordsOf(error), postgresTodo(await refusalOf(env.DATABASE_URL), env.DATABASE_URL));
  }
}

export async function checkTemporal(env: Environment): Promise<Finding> {
  if (env.TEMPORAL_ADDRESS === undefined) return embedded('Temporal', 'TEMPORAL_ADDRESS');
  try {
    const target = temporalTarget(env);
    if (target !== null) await pingTemporal(target);
    return fine('Temporal', `answers at ${env.TEMPORAL_ADDRESS}, and has the namespace ${env.TEMPORAL_NAMESPACE}`);
  } catch (error) {
    return problem(
      'Temporal',
      `does not answer at ${env.TEMPORAL_ADDRESS}, or has no namespace ${env.TEMPORAL_NAMESPACE}`,
      temporalTodo(codeOf(error instanceof Error ? error.cause : null), env.TEMPORAL_ADDRESS, env.TEMPORAL_NAMESPACE),
    );
  }
}

export async function checkSlack(env: Environment, file: ConfigFile, log: Logger): Promise<Finding> {
  if (file.slack === 'off') return fine('Slack', 'turned off');
  if (env.SLACK_BOT_TOKEN === undefined) return embedded('Slack', 'SLACK_BOT_TOKEN');
  try {
    const { team, botUser } = await createIdentity(createSlackClient(env.SLACK_BOT_TOKEN, { apiUrl: env.SLACK_API_URL, log }))();
    return fine('Slack', `the bot token is ${botUser} in the workspace ${team}`);
  } catch (error) {
    return problem('Slack', wordsOf(error), slackTodo(wordsOf(error)));
  }
}

export async function checkSignIn(env: Environment, file: ConfigFile): Promise<Finding> {
  const place = signInPlace(env, file);
  if (place === null) return fine('Sign-in', 'OIDC_ISSUER is not set');
  try {
    await createIssuer(place)();
  } catch (error) {
    return problem(
      'Sign-in',
      wordsOf(error),
      `correct OIDC_ISSUER, or see why this does not answer from here: curl -sS ${place.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    );
  }
  if (env.PUBLIC_URL !== undefined) return fine('Sign-in', `${place.issuer} answers`);
  return problem(
    'Sign-in',
    `${place.issuer} answers, but PUBLIC_URL is not set`,
    'set PUBLIC_URL to the address at which people reach these pages, and register PUBLIC_URL/auth/callback as a redirect URI at the provider: without it nobody gets a link to say whose Slack account theirs is',
  );
}
