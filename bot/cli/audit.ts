import type { Command } from 'commander';
import type { z } from 'zod';
import type { ApiClient } from '../api/client.ts';
import { EntryAnswer, page } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { count } from './incidents.ts';

type Entry = z.infer<typeof EntryAnswer>;

interface TailFlags extends JsonFlag {
  readonly incident?: string;
  readonly plan?: string;
  readonly kind?: string;
  readonly lines: number;
}

const pageSize = 200;

function entryLine({ seq, body }: Entry): string {
  const { at, kind, actor, incidentId, planId } = body;
  const about = [incidentId === null ? '' : `incident ${incidentId}`, planId === null ? '' : `plan ${planId}`].filter(
    (part) => part !== '',
  );
  return [String(seq).padStart(6), at, kind.padEnd(22), `${actor.kind}:${actor.id}`, ...about].join('  ');
}

/** The API lists oldest first, so all pages are read and the last entries kept. */
async function lastEntries(client: ApiClient, { incident, plan, kind, lines }: TailFlags): Promise<readonly Entry[]> {
  const query = new URLSearchParams({
    limit: String(pageSize),
    ...(incident && { incident }),
    ...(plan && { plan }),
    ...(kind && { kind }),
  });
  let kept: readonly Entry[] = [];
  for (let cursor: string | null = '0'; cursor !== null; ) {
    query.set('cursor', cursor);
    const read: { items: Entry[]; next: string | null } = await client.request('GET', `/v1/audit/entries?${query}`, page(EntryAnswer));
    kept = [...kept, ...read.items].slice(-lines);
    cursor = read.next;
  }
  return kept;
}

export function registerAudit(program: Command, { api, out }: CliContext): void {
  withJson(program.command('audit').description('the audit log').command('tail'))
    .description('show the last entries, oldest first; with --json one entry a line')
    .option('--incident <id>', 'of one incident')
    .option('--plan <id>', 'of one plan')
    .option('--kind <kind>', 'of one kind, e.g. vote.recorded')
    .option('-n, --lines <n>', 'how many', count, 20)
    .action(async (flags: TailFlags) => {
      for (const entry of await lastEntries(api(), flags)) out.line(flags.json === true ? JSON.stringify(entry) : entryLine(entry));
    });
}
