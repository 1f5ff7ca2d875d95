import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { isHeld } from '../../tools/credentials.ts';
import { SiteIncomplete } from '../../tools/errors.ts';
import { holdCredentials } from '../../tools/held/hold.ts';
import { type Named, sourcesOf } from '../../tools/held/sources.ts';
import type { GrowingRedactor } from '../../tools/ports.ts';
import type { Site } from '../../tools/site.ts';
import type { Reading } from '../config.ts';
import { type Finding, fine, problem } from './finding.ts';
import { checkKubernetes } from './kubernetes.ts';

const todos: Readonly<Record<SiteIncomplete['code'], string>> = {
  context_unknown:
    'put it there, where the runner of the site runs, or correct the setting: docs/guides/configuration.md, "Where credentials come from"',
  forbidden: 'give the role of the runner what it lacks: vault policy read and vault read auth/MOUNT/role/ROLE show what it has',
  throttled: 'raise the rate limit quota of Vault for the runner: vault list sys/quotas/rate-limit',
  unreachable:
    'see what it says: curl -sS ADDRESS/v1/sys/health with the address of credentials.vault, then start or unseal it, or correct that setting',
};

async function checkOne(site: Site, { where, source }: Named): Promise<Finding | null> {
  const name = `site ${site.name}, ${where}`;
  try {
    if (isHeld(source)) await source.value();
    else if (typeof source === 'string') await readFile(source);
    return null;
  } catch (error) {
    if (error instanceof SiteIncomplete) return problem(name, error.message, todos[error.code]);
    return problem(
      name,
      `${String(source)} cannot be read`,
      `write the file so that the runner of the site can read it, or correct ${where} of the site ${site.name}`,
    );
  }
}

async function checkSources(site: Site): Promise<readonly Finding[]> {
  const all = sourcesOf(site);
  if (all.length === 0) return [];
  const found = (await Promise.all(all.map((one) => checkOne(site, one)))).filter((finding) => finding !== null);
  return found.length > 0 ? found : [fine(`site ${site.name}, credentials`, `all ${all.length} can be read from here`)];
}

/** The credentials of a site, as a runner on this machine would get them: whether they can be read, and the contexts of kubeconfigs. */
export async function checkAccess(
  site: Site,
  { siteVariables: variables, env }: Reading,
  redactor: GrowingRedactor,
  log: Logger,
): Promise<readonly Finding[]> {
  const held = holdCredentials({ site, variables, redactor, now: () => new Date() });
  try {
    return [...(await checkSources(held.site)), ...(await checkKubernetes(held.site, env?.PATH ?? '', log))];
  } finally {
    await held.stop();
  }
}
