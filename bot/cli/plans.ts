import type { Command } from 'commander';
import { z } from 'zod';
import { triedInVain } from '../../blocks/tried.ts';
import { IncidentDetail } from '../api/alerts.ts';
import { PlanAnswer } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import { planLines } from './plan-lines.ts';
import type { Text } from './style.ts';
import { type WriteFlags, withWrite, write } from './write.ts';

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

export function votedLines(voted: Voted): readonly Text[] {
  if (voted.kind === 'repeated') return [`${voted.person} said so before.`];
  const { person, approvals, needed, decided } = voted;
  return [
    `Recorded for ${person}: ${approvals} of ${needed} approvals${decided === null ? '' : `; the plan is ${decided.replaceAll('_', ' ')}`}.`,
  ];
}

const pathOf = (id: string) => `/v1/plans/${encodeURIComponent(id)}`;

function registerVote(program: Command, { api, out }: CliContext, verdict: 'approve' | 'reject'): void {
  withWrite(program.command(verdict))
    .description(`${verdict} a plan; read it first: watchkeeper plan show`)
    .argument('<plan>', 'id of the plan')
    .option('--reason <text>', 'kept with the vote')
    .action(async (id: string, { reason, ...flags }: WriteFlags & { reason?: string }) => {
      const client = api();
      // A plan is immutable: the hash of this id is the hash of what `plan show` has shown.
      const { requestHash } = await client.request('GET', pathOf(id), PlanAnswer);
      const body = { verdict, requestHash, ...(reason && { reason }) };
      print(out, await write(client, `${pathOf(id)}/votes`, Voted, body, flags), flags.json, votedLines);
    });
}

export function registerPlans(program: Command, context: CliContext): void {
  const { api, out } = context;
  withJson(program.command('plan').description('one plan').command('show'))
    .description('show a plan: what would run, its dry run, its verification, its rollback')
    .argument('<id>')
    .action(async (id: string, { json }: JsonFlag) => {
      const client = api();
      const plan = await client.request('GET', pathOf(id), PlanAnswer);
      if (json === true) return print(out, plan, json, planLines);
      const { similar } = await client.request('GET', `/v1/incidents/${encodeURIComponent(plan.incidentId)}`, IncidentDetail);
      print(out, plan, json, (shown) => planLines(shown, triedInVain(shown, similar)));
    });
  registerVote(program, context, 'approve');
  registerVote(program, context, 'reject');
}
