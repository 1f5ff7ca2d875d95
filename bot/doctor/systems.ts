import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { findBinaries } from '../../tools/binaries.ts';
import { createExecute } from '../../tools/execute.ts';
import { createGrowingRedactor } from '../../tools/redaction/index.ts';
import { remedyFor } from '../../tools/remedies.ts';
import type { AccountRights } from '../../tools/report.ts';
import { askRights } from '../../tools/rights.ts';
import { createRun } from '../../tools/run.ts';
import type { Site } from '../../tools/site.ts';
import type { AnySystem } from '../../tools/system.ts';
import { systemsOf } from '../../tools/systems.ts';
import { rightsLine } from '../runner-states.ts';
import { type Finding, fine, problem } from './finding.ts';

function findingOf(site: Site, one: AccountRights): readonly Finding[] {
  const name = `site ${site.name}, ${one.system} ${one.account}`;
  const todo = remedyFor(one);
  if (one.problem === null || todo === null) return [fine(name, rightsLine(one))];
  // That it is not installed is said once, of the program.
  return one.problem.code === 'cli_missing' ? [] : [problem(name, one.problem.message, todo)];
}

/** Those that know what is to be done where they do not answer, asked with both accounts of the site, from here. Reads only. */
export async function checkSystems(site: Site, searchPath: string, log: Logger): Promise<readonly Finding[]> {
  const asked = systemsOf(site).filter(({ remedy }) => remedy !== undefined);
  const names = asked.flatMap(({ programs }) => programs.map(({ name }) => name));
  const here: Site = { ...site, binaries: { ...(await findBinaries(names, searchPath)), ...site.binaries } };
  const redactor = createGrowingRedactor([], randomBytes(32));
  const execute = createExecute({ site: here, run: createRun({ log }), redactor, now: () => new Date() });
  const ask = (system: AnySystem) => askRights({ site: here, execute, redactor }, [system]);
  return (await Promise.all(asked.map(ask))).flat().flatMap((one) => findingOf(site, one));
}
