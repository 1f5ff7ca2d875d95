import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import { EntryAnswer, page } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { count } from './incidents.ts';
import { interrupted } from './interrupted.ts';

interface TailFlags extends JsonFlag {
  readonly incident?: string;
  readonly plan?: string;
  readonly kind?: string;
  readonly actor?: string;
  readonly lines: number;
  readonly follow?: boolean;
}

const everyMs = 1_000;

function entryLine({ seq, body }: EntryAnswer): string {
  const place = String(seq ?? '-').padStart(6);
  if (body === null) return `${place}  this entry cannot be read any more: look with watchkeeper audit verify`;
  const { at, kind, actor, incidentId, planId } = body;
  const about = [incidentId === null ? [] : [`incident ${incidentId}`], planId === null ? [] : [`plan ${planId}`]].flat();
  return [place, at, kind.padEnd(22), `${actor.kind}:${actor.id}`, ...about].join('  ');
}

function queryOf({ incident, plan, kind, actor }: TailFlags, more: Readonly<Record<string, string>>): string {
  const filter = { ...(incident && { incident }), ...(plan && { plan }), ...(kind && { kind }), ...(actor && { actor }) };
  return `/v1/audit/entries?${new URLSearchParams({ ...filter, ...more })}`;
}

/** What gets its place from now on, once it has it. Ends with Ctrl-C. */
async function follow(client: ApiClient, flags: TailFlags, from: number, show: (entry: EntryAnswer) => void): Promise<void> {
  const over = interrupted().then(() => true);
  for (let last = from; ; ) {
    const { items } = await client.request('GET', queryOf(flags, { cursor: String(last), limit: '200' }), page(EntryAnswer));
    const placed = items.filter(({ seq }) => seq !== null);
    for (const entry of placed) show(entry);
    last = placed.at(-1)?.seq ?? last;
    if (placed.length < items.length || items.length < 200) if (await Promise.race([over, sleep(everyMs, false)])) return;
  }
}

export function registerTail(audit: Command, { api, out }: CliContext): void {
  withJson(audit.command('tail'))
    .description('show the last entries, oldest first; with --json one entry a line')
    .option('--incident <id>', 'of one incident')
    .option('--plan <id>', 'of one plan')
    .option('--kind <kind>', 'of one kind, e.g. vote.recorded; plan.* for all of a group')
    .option('--actor <actor>', 'by one actor, e.g. alice')
    .option('-n, --lines <n>', 'how many', count, 20)
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .action(async (flags: TailFlags) => {
      const client = api();
      const show = (entry: EntryAnswer) => out.line(flags.json === true ? JSON.stringify(entry) : entryLine(entry));
      const { items } = await client.request('GET', queryOf(flags, { last: String(flags.lines) }), page(EntryAnswer));
      const shown = flags.follow === true ? items.filter(({ seq }) => seq !== null) : items;
      for (const entry of shown) show(entry);
      if (flags.follow === true) await follow(client, flags, shown.at(-1)?.seq ?? 0, show);
    });
}
