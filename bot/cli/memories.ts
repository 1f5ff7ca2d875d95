import type { Command } from 'commander';
import { MemoryAnswer } from '../api/routes/memories.ts';
import { page } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { count } from './incidents.ts';
import { print, table } from './out.ts';

export function registerMemories(program: Command, { api, out }: CliContext): void {
  const memory = program.command('memory').description('what is remembered of incidents, to be shown beside similar ones');
  withJson(memory.command('list'))
    .description('list what is remembered, newest first')
    .option('--limit <n>', 'at most this many', count, 20)
    .action(async ({ limit, json }: JsonFlag & { limit: number }) => {
      const found = await api().request('GET', `/v1/memories?limit=${limit}`, page(MemoryAnswer));
      print(out, found, json, ({ items }) =>
        items.length === 0
          ? ['Nothing is remembered yet.']
          : table(
              items.map(({ incidentId, at, outcome, cause, fix, retracted }) => [
                ...[incidentId, at, retracted === null ? outcome : 'marked as wrong'],
                `${cause} → ${fix}`,
              ]),
            ),
      );
    });
  withJson(memory.command('retract'))
    .description('mark what is remembered of an incident as wrong: it is shown no more')
    .argument('<incident>', 'id of the incident: watchkeeper memory list')
    .requiredOption('--reason <text>', 'why')
    .action(async (incident: string, { reason, json }: JsonFlag & { reason: string }) => {
      const path = `/v1/memories/${encodeURIComponent(incident)}/retract`;
      const done = await api().request('POST', path, MemoryAnswer, { reason });
      print(out, done, json, () => [`What is remembered of incident ${incident} is shown no more.`]);
    });
}
