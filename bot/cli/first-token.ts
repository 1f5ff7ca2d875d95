import { randomBytes } from 'node:crypto';
import { createRedactor } from '../../tools/redaction/index.ts';
import { requireLimitable } from '../api/limits.ts';
import type { Scope } from '../api/principal.ts';
import { ConfigInvalid, readSettings } from '../config.ts';
import { knownSecrets } from '../core.ts';
import { createLogger } from '../log.ts';
import { createPool } from '../store/pool.ts';
import { createStore } from '../store/store.ts';
import type { ServiceToken } from '../store/tokens.ts';
import type { Out } from './out.ts';
import type { Variables } from './settings.ts';

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sites?: readonly string[];
  readonly operations?: readonly string[];
  readonly days: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Makes a token in the database itself (DATABASE_URL): the first one of an installation, which no API call could authorise. Audited like any other. Throws ConfigInvalid, StoreUnavailable, and Problem for limits that do not hold. */
export async function createTokenInDatabase(
  request: NewToken,
  out: Out,
  variables?: Variables,
): Promise<{ token: ServiceToken; secret: string }> {
  requireLimitable(request.scopes, request);
  const { env, file, problems } = readSettings(variables);
  const url = env?.DATABASE_URL;
  if (env === null || url === undefined || problems.length > 0)
    throw new ConfigInvalid([
      ...problems,
      ...(url === undefined ? ['DATABASE_URL is not set: set it to the address of the database'] : []),
    ]);
  const redact = createRedactor({ secrets: knownSecrets(env, file), placeholderKey: randomBytes(32) });
  const log = createLogger({ level: 'warn', redact, destination: { write: (line) => out.note(line.trimEnd()) } });
  const pool = await createPool(url, log);
  try {
    const store = createStore({ pool, redact, now: () => new Date(), log, sinks: [] });
    const expiresAt = new Date(Date.now() + request.days * dayMs);
    const { days: _days, ...made } = request;
    return await store.tokens.create({ ...made, expiresAt }, { kind: 'system', id: 'command line' });
  } finally {
    await pool.end();
  }
}
