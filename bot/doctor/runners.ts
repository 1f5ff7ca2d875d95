import { z } from 'zod';
import { AccountRights } from '../../tools/report.ts';
import { connect } from '../cli/connect.ts';
import type { Reading } from '../config.ts';
import { rightsLine } from '../runner-states.ts';
import { type Finding, fine, problem } from './finding.ts';

const Runners = z.object({
  runners: z.array(
    z.object({
      site: z.string(),
      programs: z.array(z.object({ name: z.string(), version: z.string().nullable() })),
      permissions: z.array(AccountRights).default([]),
      remedies: z.array(z.string()).default([]),
    }),
  ),
});
type Runner = z.infer<typeof Runners>['runners'][number];

function findingOf({ site, programs, permissions, remedies }: Runner): readonly Finding[] {
  const name = `runner of site ${site}`;
  const has = programs.map(({ name, version }) => `${name} ${version ?? 'of unknown version'}`).join(', ') || 'no programs';
  const detail = [has, ...permissions.map(rightsLine)].join('; ');
  return remedies.length === 0 ? [fine(name, detail)] : remedies.map((todo) => problem(name, detail, todo));
}

/** What the server heard of the runners: programs, rights of their credentials, another version. Nothing where no server is named. */
export async function checkRunners({ given, file }: Reading): Promise<readonly Finding[]> {
  if (given['WATCHKEEPER_URL'] === undefined) return [];
  try {
    const { runners } = await connect(given, 5_000).request('GET', '/v1/tools', Runners);
    const alone = file.sites.filter(({ name }) => !runners.some(({ site }) => site === name));
    const todo = 'start one: watchkeeper serve --role runner, with WATCHKEEPER_URL and WATCHKEEPER_TOKEN of this server';
    return [
      ...runners.flatMap(findingOf),
      ...alone.map(({ name }) => problem(`runner of site ${name}`, 'none has reported of late', todo)),
    ];
  } catch {
    // That the server does not answer is said by the finding of the API.
    return [];
  }
}
