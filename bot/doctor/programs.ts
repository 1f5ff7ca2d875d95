import type { Logger } from 'pino';
import { findBinaries } from '../../tools/binaries.ts';
import { createRun, type Run } from '../../tools/run.ts';
import type { Site } from '../../tools/site.ts';
import { systemsOf } from '../../tools/systems.ts';
import { tooOld, versionOf } from '../../tools/versions.ts';
import { type Finding, fine, problem } from './finding.ts';
import { installTodo } from './remedies.ts';

/** Programs that a site's systems need. */
function needed(site: Site): readonly string[] {
  return systemsOf(site).flatMap(({ programs }) => programs.flatMap(({ name, optional }) => (optional ? [] : [name])));
}

async function checkProgram(run: Run, site: Site, program: string, file: string | undefined): Promise<Finding> {
  const name = `site ${site.name}, ${program}`;
  if (file === undefined) return problem(name, 'is not on PATH', installTodo(program, site.name));
  const version = await versionOf(run, program, file);
  if (version === null)
    return problem(
      name,
      `${file} does not say its version`,
      `see what it says: ${file} version; install it anew where it does not start, or name another path: sites[].binaries.${program} of ${site.name}`,
    );
  const wanted = tooOld(program, version);
  if (wanted === null) return fine(name, `${version} (${file})`);
  return problem(name, `${version} has known faults`, `${program} ${wanted} or newer: ${installTodo(program, site.name)}`);
}

/** Which of the programs that the site's operations need are there, and in which version. Asks no server. */
export async function checkPrograms(site: Site, searchPath: string, log: Logger): Promise<readonly Finding[]> {
  const names = needed(site);
  const found: Record<string, string> = { ...(await findBinaries(names, searchPath)), ...site.binaries };
  const run = createRun({ log });
  return await Promise.all(names.map((program) => checkProgram(run, site, program, found[program])));
}
