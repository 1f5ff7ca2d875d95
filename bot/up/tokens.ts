import { Scope } from '../api/principal.ts';
import type { Store } from '../store/store.ts';

const day = 24 * 60 * 60 * 1_000;
const system = { kind: 'system', id: 'up' } as const;

/** Tokens of one run of `up`: those of the runs before end here. */
export async function makeTokens(store: Store): Promise<{ readonly runner: string; readonly admin: string }> {
  const names = ['up: runner', 'up: admin'];
  const old = (await store.tokens.list()).filter((token) => names.includes(token.name) && token.revokedAt === null);
  for (const token of old) await store.tokens.revoke(token.id, system);
  const runner = await store.tokens.create({ name: 'up: runner', scopes: ['observations:write', 'grants:claim'], expiresAt: null }, system);
  const admin = await store.tokens.create(
    { name: 'up: admin', scopes: Scope.options, expiresAt: new Date(store.now().getTime() + day) },
    system,
  );
  return { runner: runner.secret, admin: admin.secret };
}
