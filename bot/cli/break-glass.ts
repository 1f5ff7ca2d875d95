import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { BreakGlassUse } from '../store/break-glass.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';
import type { Text } from './style.ts';
import { type WriteFlags, withWrite, write } from './write.ts';

const Broken = z.object({ person: z.string(), until: z.string() });
const Reviewed = z.object({ by: z.string(), at: z.string() });
const Uses = z.object({ items: z.array(BreakGlassUse) });

const pathOf = (plan: string) => `/v1/plans/${encodeURIComponent(plan)}/break-glass`;

function minutes(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 60) throw new InvalidArgumentError('a number of minutes from 1 to 60.');
  return count;
}

function useLines({ items }: z.infer<typeof Uses>): readonly Text[] {
  if (items.length === 0) return ['No use of break-glass waits for its review.'];
  return items.flatMap(({ planId, incidentId, person, reason, at, until }) => [
    ...table([
      ['Plan', planId],
      ['Incident', incidentId],
      ['By', `${person}, ${at} until ${until}`],
      ['Reason', reason],
    ]),
    '',
  ]);
}

function registerUse(glass: Command, { api, out }: CliContext): void {
  withWrite(glass.command('use'))
    .description('run a plan without its approvals; takes a sign-in of the last five minutes; everybody is told, and a review follows')
    .argument('<plan>', 'id of the plan')
    .requiredOption('--reason <text>', 'why it cannot wait, in at least 10 characters; kept, and shown to everybody')
    .option('--minutes <count>', 'how long it lasts, at most 60', minutes)
    .action(async (plan: string, { reason, minutes: count, ...flags }: WriteFlags & { reason: string; minutes?: number }) => {
      const body = { reason, ...(count && { minutes: count }) };
      print(out, await write(api(), pathOf(plan), Broken, body, flags), flags.json, ({ person, until }) => [
        `${person} runs the plan without its approvals, until ${until}. Somebody else has to review that.`,
      ]);
    });
}

function registerReview(glass: Command, { api, out }: CliContext): void {
  withWrite(glass.command('review'))
    .description('review a use of break-glass, as somebody else')
    .argument('<plan>', 'id of the plan')
    .addOption(new Option('--verdict <word>', 'what you found').choices(['justified', 'not_justified']).makeOptionMandatory())
    .requiredOption('--note <text>', 'what you looked at')
    .action(async (plan: string, { verdict, note, ...flags }: WriteFlags & { verdict: string; note: string }) => {
      print(out, await write(api(), `${pathOf(plan)}/review`, Reviewed, { verdict, note }, flags), flags.json, ({ by }) => [
        `Reviewed by ${by}.`,
      ]);
    });
}

export function registerBreakGlass(program: Command, context: CliContext): void {
  const { api, out } = context;
  const glass = program.command('break-glass').description('running a plan without its approvals, and the reviews that follow');
  registerUse(glass, context);
  registerReview(glass, context);
  withJson(glass.command('list'))
    .description('uses that nobody has reviewed')
    .action(async ({ json }: JsonFlag) => print(out, await api().request('GET', '/v1/break-glass', Uses), json, useLines));
}
