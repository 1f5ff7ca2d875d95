import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { IncidentAnswer } from '../api/shapes.ts';
import { EvidenceGraph } from '../evidence/model.ts';
import { postmortemMarkdown } from '../postmortem/markdown.ts';
import { Postmortem } from '../postmortem/model.ts';
import { connection } from './connect.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';
import { standing, type Text } from './style.ts';

const pathOf = (id: string) => `/v1/incidents/${encodeURIComponent(id)}`;

export function registerPostmortem(incident: Command, { api, out, variables }: CliContext): void {
  withJson(incident.command('postmortem'))
    .description('the draft of a postmortem from what is on record, as Markdown')
    .argument('<id>')
    .action(async (id: string, { json }: JsonFlag) => {
      const postmortem = await api().request('GET', `${pathOf(id)}/postmortem`, Postmortem);
      const { url } = connection(variables);
      // The server has redacted it; addresses are those of the server that was asked.
      const observation = (sha: string) => new URL(`/v1/observations/${sha}`, url).href;
      print(out, postmortem, json, (written) => postmortemMarkdown(written, { redact: (text) => text, observation }).split('\n'));
    });
}

function graphLines({ nodes, edges }: EvidenceGraph): readonly Text[] {
  const shown = nodes.filter(({ kind }) => kind !== 'observation');
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  return shown.flatMap((node): readonly Text[] => {
    const into = edges.filter(({ to }) => to === node.id);
    const state = node.state === null ? [] : [' ', standing(node.state)];
    return [
      [{ text: node.kind, meaning: 'quiet' }, ...state, ' ', { text: node.label, meaning: 'strong' }],
      ...table(into.map(({ from, relation, note }) => ['   ', relation, note ?? labels.get(from) ?? from])),
    ];
  });
}

type Format = 'text' | 'json' | 'svg' | 'png';

interface EvidenceFlags extends JsonFlag {
  readonly format: Format;
  readonly theme: 'light' | 'dark' | 'auto';
  readonly output?: string;
}

async function picture(graph: EvidenceGraph, title: string, { format, theme }: EvidenceFlags): Promise<string | Uint8Array> {
  // Loaded when asked for: the other commands draw nothing.
  const { evidenceSvg } = await import('../evidence/svg.ts');
  const svg = await evidenceSvg(graph, { title: `Evidence: ${title}`, theme });
  if (format === 'svg') return svg;
  const { pngOf } = await import('../evidence/png.ts');
  return pngOf(svg);
}

export function registerEvidence(incident: Command, { api, out }: CliContext): void {
  withJson(incident.command('evidence'))
    .description('what speaks for and against which cause, and what was done because of it')
    .argument('<id>')
    .addOption(
      new Option('--format <format>', 'text, or a picture of the strongest').choices(['text', 'json', 'svg', 'png']).default('text'),
    )
    .addOption(new Option('--theme <theme>', 'of a picture').choices(['light', 'dark', 'auto']).default('light'))
    .option('-o, --output <file>', 'where the picture goes; a PNG needs it')
    .action(async (id: string, flags: EvidenceFlags, command: Command) => {
      const { format, output, json } = flags;
      if (format === 'png' && output === undefined) command.error("error: option '--format png' needs '--output <file>'");
      const graph = await api().request('GET', `${pathOf(id)}/evidence`, EvidenceGraph);
      if (format === 'text' || format === 'json') return print(out, graph, json === true || format === 'json', graphLines);
      const { title } = await api().request('GET', pathOf(id), IncidentAnswer);
      const drawn = await picture(graph, title, flags);
      if (output !== undefined) writeFileSync(output, drawn);
      else out.line(String(drawn));
    });
}
