import type { Command } from 'commander';
import { z } from 'zod';
import { PlanAnswer } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';

const Pending = z.object({ items: z.array(PlanAnswer) });

export function registerApprovals(program: Command, { api, out }: CliContext): void {
  withJson(program.command('approvals'))
    .description('list the plans that wait for approval, the one that expires soonest first')
    .action(async ({ json }: JsonFlag) => {
      const found = await api().request('GET', '/v1/approvals?state=pending', Pending);
      print(out, found, json, ({ items }) =>
        items.length === 0
          ? ['No plan waits.']
          : table(
              items.map(({ id, tier, approvals, expiresAt, goal }) => [
                id,
                tier,
                `${approvals.votes.length} of ${approvals.needed}`,
                expiresAt,
                goal,
              ]),
            ),
      );
    });
}
