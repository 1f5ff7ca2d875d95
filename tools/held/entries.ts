import { z } from 'zod';
import type { Reference } from '../credentials.ts';
import { SiteIncomplete } from '../errors.ts';
import { createLogin, type LoginDeps } from './login.ts';
import { createAskVault, type VaultAnswer } from './server.ts';
import type { VaultLogin } from './settings.ts';

type InVault = Extract<Reference, { vault: object }>['vault'];

/** Entries of KV engines of version 2. */
export interface VaultEntries {
  /** As it was at most a minute ago. Throws SiteIncomplete. */
  value(where: InVault): Promise<string>;
  stop(): Promise<void>;
}

/** Milliseconds that an answer is kept: what was written is used within this time, and what cannot be asked any more is not used after it. */
const keptMs = 60_000;

const Entry = z.object({
  lease_duration: z.number().nonnegative().catch(0),
  data: z.object({ data: z.record(z.string(), z.unknown()), metadata: z.looseObject({ version: z.number() }) }),
});

/** Milliseconds until a refused entry is asked for with yet another token: first, and at most. It may be that the role has new policies. */
const refusal = { first: 10_000, most: 300_000 };

interface Kept {
  readonly until: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function createVaultEntries(settings: VaultLogin, deps: Omit<LoginDeps, 'ask'>): VaultEntries {
  const ask = createAskVault(settings);
  const login = createLogin(settings, { ...deps, ask });
  const kept = new Map<string, Kept>();
  const pending = new Map<string, Promise<Kept>>();
  const refused = new Map<string, { readonly until: number; readonly ms: number }>();

  async function asked(path: string, token: string): Promise<VaultAnswer> {
    const answer = await ask({ method: 'GET', path, token });
    if (answer.status !== 403) refused.delete(path);
    return answer;
  }

  /**
   * A token that is refused is replaced once: it may have ended. Where the new one is refused too, the entry is what is refused, and it is
   * asked for with whatever token holds, for longer and longer.
   */
  async function answered(path: string): Promise<VaultAnswer> {
    const token = await login.token();
    const first = await asked(path, token);
    const [known, at] = [refused.get(path), deps.now().getTime()];
    if (first.status !== 403 || (known !== undefined && at < known.until)) return first;
    const other = await login.another(token);
    if (other === null) return first;
    const ms = known === undefined ? refusal.first : Math.min(known.ms * 2, refusal.most);
    refused.set(path, { until: at + ms, ms });
    return await asked(path, other);
  }

  async function look(path: string): Promise<Kept> {
    const fresh = entryIn(path, await answered(path), deps.now().getTime());
    kept.set(path, fresh);
    return fresh;
  }

  async function entry(path: string): Promise<Kept> {
    const known = kept.get(path);
    if (known !== undefined && deps.now().getTime() < known.until) return known;
    kept.delete(path);
    const looked = pending.get(path) ?? look(path).finally(() => pending.delete(path));
    pending.set(path, looked);
    return await looked;
  }

  return {
    async value({ path, field }) {
      const { fields } = await entry(path);
      const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (typeof value === 'string' && value.trim() !== '') return value;
      throw new SiteIncomplete(`the entry ${path} of Vault has no text in the field ${field}: write it, or correct the setting`);
    },
    async stop() {
      kept.clear();
      await login.stop();
    },
  };
}

function entryIn(path: string, { status, body, words }: VaultAnswer, now: number): Kept {
  if (status === 401 || status === 403)
    throw new SiteIncomplete(
      `Vault refuses the runner the entry ${path}: its policy needs path "${path}" { capabilities = ["read"] }, or its token has ended`,
      'forbidden',
    );
  if (status === 404)
    throw new SiteIncomplete(`Vault has no entry ${path}, or its newest version was deleted: write it, or correct the setting`);
  const entry = Entry.safeParse(body);
  if (status !== 200 || !entry.success)
    throw new SiteIncomplete(`${path} is no entry of a KV engine of version 2${words === '' ? '' : ` (${words})`}: correct the setting`);
  const { lease_duration: lease, data } = entry.data;
  return { until: now + (lease === 0 ? keptMs : Math.min(keptMs, lease * 1000)), fields: data.data };
}
