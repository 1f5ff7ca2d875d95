import { type Command, InvalidArgumentError } from 'commander';
import { beginningOf } from '../../tools/text.ts';
import { IncidentAnswer, page } from '../api/shapes.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { registerEvidence, registerPostmortem } from './evidence.ts';
import { print, table } from './out.ts';
import { type Piece, standing, type Text } from './style.ts';
import { watch } from './watch.ts';
import { type WriteFlags, withWrite, write } from './write.ts';

const titleLength = 200;

interface AskFlags extends WriteFlags {
  readonly service?: string;
  readonly site?: string;
}

/** The first line is the title. */
function titleOf(text: string): string {
  return beginningOf(text.trim().split('\n')[0] ?? '', titleLength);
}

const stateOf = ({ state, outcome }: IncidentAnswer) => standing(outcome ?? state);

export function incidentLines(incident: IncidentAnswer): readonly Text[] {
  const { id, title, service, site, requester, planIds, slack, createdAt, closedAt, summary } = incident;
  const rows: [string, string | Piece | null][] = [
    ['Incident', id],
    ['Title', title],
    ['State', stateOf(incident)],
    ['Service', service],
    ['Site', site],
    ['Requester', requester],
    ['Slack', slack === null ? null : `${slack.channel} ${slack.threadTs}`],
    ['Opened', createdAt],
    ['Closed', closedAt],
    ['Plans', planIds.length === 0 ? null : planIds.join(' ')],
    ['Result', summary],
  ];
  return table(rows.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function text(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('say what is wrong.');
  return value;
}

/** 1 to 200, as the API takes it. */
export function count(value: string): number {
  if (!/^\d{1,3}$/.test(value) || Number(value) < 1 || Number(value) > 200) throw new InvalidArgumentError('a number from 1 to 200.');
  return Number(value);
}

const pathOf = (id: string) => `/v1/incidents/${encodeURIComponent(id)}`;

function registerAsk(program: Command, { api, out }: CliContext): void {
  withWrite(program.command('ask'))
    .description('open an incident: the investigation starts at once')
    .argument('<text>', 'what is wrong; the first line is the title', text)
    .option('--service <name>', 'the service that it is about')
    .option('--site <name>', 'the site that it is about')
    .action(async (words: string, { service, site, ...flags }: AskFlags) => {
      const body = { title: titleOf(words), text: words, ...(service && { service }), ...(site && { site }) };
      const incident = await write(api(), '/v1/incidents', IncidentAnswer, body, flags);
      print(out, incident, flags.json, ({ id }) => [`Incident ${id} is open. See it with: watchkeeper incident show ${id}`]);
    });
}

function registerList(program: Command, { api, out }: CliContext): void {
  withJson(program.command('incidents'))
    .description('list incidents, newest first')
    .option('--limit <n>', 'at most this many', count, 20)
    .action(async ({ limit, json }: JsonFlag & { limit: number }) => {
      const found = await api().request('GET', `/v1/incidents?limit=${limit}`, page(IncidentAnswer));
      print(out, found, json, ({ items }) =>
        items.length === 0
          ? ['There are no incidents.']
          : table(items.map((incident) => [incident.id, incident.createdAt, stateOf(incident), incident.title])),
      );
    });
}

export function registerIncidents(program: Command, context: CliContext): void {
  const { api, out } = context;
  registerAsk(program, context);
  registerList(program, context);
  const incident = program.command('incident').description('one incident');
  withJson(incident.command('show'))
    .description('show an incident')
    .argument('<id>')
    .option('-w, --watch', 'go on until it is closed: progress, findings, and the question for your vote')
    .action(async (id: string, { watch: live, json }: JsonFlag & { watch?: boolean }) => {
      if (live === true) await watch(id, json === true, context);
      else print(out, await api().request('GET', pathOf(id), IncidentAnswer), json, incidentLines);
    });
  registerPostmortem(incident, context);
  registerEvidence(incident, context);
  withWrite(program.command('cancel'))
    .description('ask for the cancellation of an incident: what runs is stopped after its step and undone')
    .argument('<id>', 'of the incident')
    .action(async (id: string, flags: WriteFlags) => {
      const asked = await write(api(), `${pathOf(id)}/cancel`, IncidentAnswer, undefined, flags);
      print(out, asked, flags.json, () => [`The cancellation of incident ${id} is asked for.`]);
    });
}
