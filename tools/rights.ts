import type { Credentials } from './credentials.ts';
import { OutputMalformed, SiteIncomplete } from './errors.ts';
import type { Execute } from './execute.ts';
import type { Redactor } from './ports.ts';
import { factsOf } from './prepare.ts';
import { type AccountRights, mostRights } from './report.ts';
import type { Site } from './site.ts';
import type { AnySystem, RightsQuestion } from './system.ts';
import { systemsOf } from './systems.ts';

interface Asking {
  readonly site: Site;
  readonly execute: Execute;
  readonly redactor: Redactor;
}

type Answer = readonly string[] | NonNullable<AccountRights['problem']>;

const timeoutMs = 15_000;

async function ask({ site, execute }: Asking, { command, parse }: RightsQuestion, credentials: Credentials): Promise<Answer | null> {
  try {
    const asked = command(factsOf(site));
    if (asked === null) return null;
    const execution = await execute(asked, { timeoutMs, signal: undefined, credentials });
    return execution.failure ?? parse({ ...execution, exitCode: execution.exitCode ?? 0 });
  } catch (error) {
    if (error instanceof SiteIncomplete || error instanceof OutputMalformed) return { code: error.code, message: error.message };
    throw error;
  }
}

/** One question after the other; the first that is not answered ends it. Null: the system cannot be asked. */
async function rightsOf(asking: Asking, { name, rights = [] }: AnySystem, account: Credentials): Promise<AccountRights | null> {
  const { redactor } = asking;
  const found: string[] = [];
  let problem: AccountRights['problem'] = null;
  for (const question of rights) {
    const answer = await ask(asking, question, account);
    if (answer === null) return null;
    if ('code' in answer) {
      problem = { code: answer.code, message: redactor.text(answer.message).text.slice(0, 300) };
      break;
    }
    found.push(...answer.map((right) => redactor.text(right).text.slice(0, 200)));
  }
  return { system: name, account, rights: found.slice(0, mostRights), omitted: Math.max(0, found.length - mostRights), problem };
}

/** What both accounts of each system may do, as the systems themselves say. */
export async function askRights(asking: Asking, systems = systemsOf(asking.site)): Promise<readonly AccountRights[]> {
  const asked = systems.filter(({ rights }) => rights !== undefined);
  const both = asked.flatMap((system) => (['read', 'write'] as const).map((account) => () => rightsOf(asking, system, account)));
  const all: AccountRights[] = [];
  for (const one of both) {
    const answer = await one();
    if (answer !== null) all.push(answer);
  }
  return all;
}
