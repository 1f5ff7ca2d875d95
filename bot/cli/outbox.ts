import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { OutboxPage, Retried } from '../api/routes/outbox.ts';
import { OutboxState } from '../store/outbox-view.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { count } from './incidents.ts';
import { print, table } from './out.ts';
import type { Text } from './style.ts';
import { type WriteFlags, withWrite, write } from './write.ts';

type Page = z.infer<typeof OutboxPage>;

interface ListFlags extends JsonFlag {
  readonly state?: OutboxState;
  readonly incident?: string;
  readonly limit: number;
}

function sinkLines(sinks: Page['sinks']): readonly Text[] {
  if (sinks.length === 0) return ['Nothing waits, and nothing was refused.'];
  return table(
    sinks.map(({ sink, pending, refused, oldestSeconds }) => [
      sink,
      `${pending} waiting`,
      `${refused} refused`,
      pending === 0 ? '' : `oldest ${Math.round(oldestSeconds)} s`,
    ]),
  );
}

function itemLines(items: Page['items']): readonly Text[] {
  return table(
    items.map(({ id, sink, state, attempts, kind, incidentId, lastError }) => [
      String(id),
      sink,
      state,
      `${attempts}×`,
      kind,
      incidentId,
      lastError ?? '',
    ]),
  );
}

export function registerOutbox(program: Command, { api, out }: CliContext): void {
  const outbox = program.command('outbox').description('what is on its way to Linear and PagerDuty');
  withJson(outbox.command('list'))
    .description('list messages, oldest first, with what waits and what was refused in each queue')
    .addOption(new Option('--state <state>', 'refused: dead letters, for somebody to look at').choices(OutboxState.options))
    .option('--incident <id>', 'of one incident')
    .option('--limit <n>', 'how many', count, 50)
    .action(async ({ state, incident, limit, json }: ListFlags) => {
      const query = new URLSearchParams({ limit: String(limit), ...(state && { state }), ...(incident && { incident }) });
      const page = await api().request('GET', `/v1/outbox?${query}`, OutboxPage);
      print(out, page, json, ({ items, sinks }) => [...sinkLines(sinks), ...(items.length === 0 ? [] : ['', ...itemLines(items)])]);
    });
  withWrite(outbox.command('retry'))
    .description('send a dead letter again, with those of the same message')
    .argument('<id>', 'as the list has it')
    .action(async (id: string, flags: WriteFlags) => {
      const retried = await write(api(), `/v1/outbox/${encodeURIComponent(id)}/retry`, Retried, undefined, flags);
      print(out, retried, flags.json, ({ ids }) => [`Sent again: ${ids.join(', ')}.`]);
    });
}
