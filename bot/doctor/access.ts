import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { isHeld } from '../../tools/credentials.ts';
import { SiteIncomplete } from '../../tools/errors.ts';
import { holdCredentials } from '../../tools/held/hold.ts';
import { heldRemedy } from '../../tools/held/remedy.ts';
import { type Named, sourcesOf } from '../../tools/held/sources.ts';
import type { GrowingRedactor } from '../../tools/ports.ts';
import type { Site } from '../../tools/site.ts';
import type { Reading } from '../config.ts';
import { type Finding, fine, problem } from './finding.ts';
import { checkKubernetes } from './kubernetes.ts';
import { checkSystems } from './systems.ts';

interface Unread {
  readonly where: string;
  readonly finding: Finding;
}

/** Null: it can be read. */
async function checkOne(site: Site, { where, source }: Named): Promise<Unread | null> {
  const name = `site ${site.name}, ${where}`;
  try {
    if (isHeld(source)) await source.value();
    else if (typeof source === 'string') await readFile(source);
    return null;
  } catch (error) {
    if (error instanceof SiteIncomplete)
      return { where, finding: problem(name, error.message, heldRemedy(error) ?? 'correct its settings at the site') };
    const finding = problem(
      name,
      `${String(source)} cannot be read`,
      `write the file so that the runner of the site can read it, or correct ${where} of the site ${site.name}`,
    );
    return { where, finding };
  }
}

/** The credentials of a site, as a runner on this machine would get them: whether they can be read, and what they open. Asks no cluster. */
export async function checkAccess(
  site: Site,
  { siteVariables: variables, env }: Reading,
  redactor: GrowingRedactor,
  log: Logger,
): Promise<readonly Finding[]> {
  const held = holdCredentials({ site, variables, redactor, now: () => new Date() });
  const searchPath = env?.PATH ?? '';
  try {
    const sources = sourcesOf(held.site);
    const unread = (await Promise.all(sources.map((one) => checkOne(held.site, one)))).filter((finding) => finding !== null);
    const [contexts, systems] = await Promise.all([checkKubernetes(held.site, searchPath, log), checkSystems(held.site, searchPath, log)]);
    // Where a system itself knows what is to be done, that is enough.
    const told = (where: string) => systems.some(({ detail }) => detail.startsWith(`${where} of the site`));
    const read =
      unread.length > 0 || sources.length === 0
        ? []
        : [fine(`site ${site.name}, credentials`, `all ${sources.length} can be read from here`)];
    return [...unread.flatMap(({ where, finding }) => (told(where) ? [] : [finding])), ...read, ...contexts, ...systems];
  } finally {
    await held.stop();
  }
}
