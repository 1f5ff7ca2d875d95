import type { Logger } from 'pino';
import { findBinaries } from '../../tools/binaries.ts';
import { createRun, type Run } from '../../tools/run.ts';
import type { Site } from '../../tools/site.ts';
import type { Program } from '../../tools/system.ts';
import { systemsOf } from '../../tools/systems.ts';
import { tooOld, versionOf } from '../../tools/versions.ts';
import { type Finding, fine, problem } from './finding.ts';
import { installTodo } from './remedies.ts';

/** Programs that a site's systems need, as they are set there. */
function needed(site: Site): readonly Program[] {
  const isOptional = ({ optional }: Program) => (typeof optional === 'function' ? optional(site) : optional === true);
  return systemsOf(site).flatMap(({ programs }) => programs.filter((program) => !isOptional(program)));
}

async function checkProgram(run: Run, site: Site, { name: program, without }: Program, file: string | undefined): Promise<Finding> {
  const name = `site ${site.name}, ${program}`;
  const missing = without === undefined ? 'is not on PATH' : `is not on PATH: ${without}`;
  if (file === undefined) return problem(name, missing, installTodo(program, site.name));
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
  const programs = needed(site);
  const names = programs.map(({ name }) => name);
  const found: Record<string, string> = { ...(await findBinaries(names, searchPath)), ...site.binaries };
  const run = createRun({ log });
  return await Promise.all(programs.map((program) => checkProgram(run, site, program, found[program.name])));
}
