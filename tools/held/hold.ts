import { type Held, Reference } from '../credentials.ts';
import { SiteIncomplete } from '../errors.ts';
import type { GrowingRedactor } from '../ports.ts';
import { secretsIn } from '../secret-values.ts';
import type { Site } from '../site.ts';
import { systemsOf } from '../systems.ts';
import { createWorkplace, type Workplace } from '../workplace.ts';
import { createVaultEntries } from './entries.ts';
import { createPrivateFiles } from './files.ts';

export interface HoldOptions {
  readonly site: Site;
  /** Variables that references name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Knows each value before whoever asked for it. */
  readonly redactor: Pick<GrowingRedactor, 'learn'>;
  readonly now: () => Date;
}

/** A site whose credentials can be got. */
export interface HeldSite {
  readonly site: Site;
  /** Where files with credentials are written; the programs of the site work there too. */
  readonly place: Workplace;
  /** Removes what was written, and ends the login. */
  stop(): Promise<void>;
}

/** Puts in the place of every reference of the site what gets its value. Asks nobody before one is wanted. */
export function holdCredentials({ site, variables, redactor, now }: HoldOptions): HeldSite {
  const { vault } = site.credentials ?? {};
  const learn = (secrets: readonly string[]) => redactor.learn(secrets);
  const entries = vault === undefined ? null : createVaultEntries(vault, { learn, now });
  const place = createWorkplace();
  const files = createPrivateFiles(place);
  learn(Object.values(variables).flatMap(secretsIn));

  async function textAt(reference: Reference): Promise<string> {
    if ('vault' in reference) {
      if (entries === null) throw new SiteIncomplete('the site has no credentials.vault');
      return await entries.value(reference.vault);
    }
    const value = variables[reference.env] ?? '';
    if (value.trim() === '') throw new SiteIncomplete(`${reference.env} is not set where the runner runs`);
    return value;
  }

  function held(reference: Reference, where: string): Held {
    const value = async () => {
      const text = await textAt(reference).catch((error: unknown) => {
        throw error instanceof SiteIncomplete ? new SiteIncomplete(`${where} of the site: ${error.message}`, error.code) : error;
      });
      learn(secretsIn(text));
      return text;
    };
    return { reference, value, path: async () => await files.holding(where, await value()) };
  }

  return {
    site: { ...site, ...Object.fromEntries(systemsOf(site).map(({ name }) => [name, withHeld(site[name], name, held)])) },
    place,
    async stop() {
      await files.stop();
      await place.close();
      await entries?.stop();
    },
  };
}

function withHeld(node: unknown, where: string, held: (reference: Reference, where: string) => Held): unknown {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
  const reference = Reference.safeParse(node);
  if (reference.success) return held(reference.data, where);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withHeld(value, `${where}.${key}`, held)]));
}
