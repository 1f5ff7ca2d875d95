import type { Command } from 'commander';
import { z } from 'zod';
import { PlanAnswer } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';
import { standing, type Text } from './style.ts';

export const Voted = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('recorded'),
    person: z.string(),
    approvals: z.number(),
    needed: z.number(),
    decided: z.string().nullable(),
  }),
  z.object({ kind: z.literal('repeated'), person: z.string() }),
]);
type Voted = z.infer<typeof Voted>;

type Step = PlanAnswer['steps'][number];

const indented = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}`);

/** Added and removed, as a diff marks them. */
function diffLine(line: string): Text {
  const mark = line.trimStart()[0];
  return mark === '+' || mark === '-' ? [{ text: line, meaning: mark === '+' ? 'good' : 'bad' }] : line;
}

function stepLines(step: Step): readonly Text[] {
  const { id, operation, site, tier, state, reason, argv, dryRun, verification, rollback } = step;
  return [
    '',
    [`  ${id}  ${operation} at ${site} (${tier}): `, standing(state), reason === null ? '' : `: ${reason}`],
    `    Runs      ${argv.join(' ')}`,
    ...(dryRun.kind === 'none' ? [`    Dry run   none: ${dryRun.reason}`] : ['    Dry run', ...indented(dryRun.diff).map(diffLine)]),
    ...verification.map((check) => `    Verifies  ${check.title}, within ${check.withinSeconds} s`),
    `    Rollback  ${rollback.kind === 'none' ? `none: ${rollback.reason}` : rollback.call.operation}`,
  ];
}

export function planLines(plan: PlanAnswer): readonly Text[] {
  const { id, incidentId, goal, state, tier, requestHash, approvals, expiresAt, steps } = plan;
  const given = approvals.votes.map(({ person, verdict }) => `${person}: ${verdict.replaceAll('_', ' ')}`).join(', ');
  return [
    ...table([
      ['Plan', id],
      ['Incident', incidentId],
      ['Goal', goal],
      ['State', standing(state)],
      ['Tier', tier],
      ['Approvals', `${approvals.needed} needed${approvals.roles.length === 0 ? '' : ` (${approvals.roles.join(', ')})`}`],
      ['Votes', given === '' ? 'none' : given],
      ['Expires', expiresAt],
      ['Request hash', requestHash],
    ]),
    ...steps.flatMap(stepLines),
  ];
}

export function votedLines(voted: Voted): readonly Text[] {
  if (voted.kind === 'repeated') return [`${voted.person} said so before.`];
  const { person, approvals, needed, decided } = voted;
  return [
    `Recorded for ${person}: ${approvals} of ${needed} approvals${decided === null ? '' : `; the plan is ${decided.replaceAll('_', ' ')}`}.`,
  ];
}

const pathOf = (id: string) => `/v1/plans/${encodeURIComponent(id)}`;

function registerVote(program: Command, { api, out }: CliContext, verdict: 'approve' | 'reject'): void {
  withJson(program.command(verdict))
    .description(`${verdict} a plan; read it first: watchkeeper plan show`)
    .argument('<plan>', 'id of the plan')
    .option('--reason <text>', 'kept with the vote')
    .action(async (id: string, { reason, json }: JsonFlag & { reason?: string }) => {
      const client = api();
      // A plan is immutable: the hash of this id is the hash of what `plan show` has shown.
      const { requestHash } = await client.request('GET', pathOf(id), PlanAnswer);
      const body = { verdict, requestHash, ...(reason && { reason }) };
      print(out, await client.request('POST', `${pathOf(id)}/votes`, Voted, body), json, votedLines);
    });
}

export function registerPlans(program: Command, context: CliContext): void {
  const { api, out } = context;
  withJson(program.command('plan').description('one plan').command('show'))
    .description('show a plan: what would run, its dry run, its verification, its rollback')
    .argument('<id>')
    .action(async (id: string, { json }: JsonFlag) => {
      print(out, await api().request('GET', pathOf(id), PlanAnswer), json, planLines);
    });
  registerVote(program, context, 'approve');
  registerVote(program, context, 'reject');
}
