import type { z } from 'zod';
import type { ToolsAnswer } from '../../api/routes/tools.ts';
import { counted } from '../../evidence/words.ts';
import { rightsLine } from '../../runner-states.ts';
import type { SiteHealth } from '../../site-health.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { chip, filters, input, json, named, nothing, oneLine, outside, section, select, short, table, timeOr } from './parts.ts';
import { tierChip } from './states.ts';

export interface ToolsPage {
  readonly tools: z.infer<typeof ToolsAnswer>;
  /** Null: the engine does not say. */
  readonly sites: readonly SiteHealth[] | null;
  readonly query: { readonly text: string; readonly system: string; readonly kind: string };
}

const kinds = [
  { value: '', label: 'All' },
  { value: 'read', label: 'Reads' },
  { value: 'write', label: 'Writes' },
];

/** How it is undone, or tried first: true where it can be. */
function possible(can: true | string | null) {
  if (can === null) return html`<span class="quiet">not needed</span>`;
  return can === true ? html`yes` : html`none: ${outside(can)}`;
}

function health(sites: ToolsPage['sites']) {
  if (sites === null) return html`<p class="notice">Temporal does not say now which runners there are.</p>`;
  const rows = sites.map(({ name, environment, systems, runners, lastSeen }) => [
    named(name),
    runners > 0 ? chip(runners === 1 ? 'One runner' : `${runners} runners`, 'ok') : chip('No runner', 'bad'),
    outside(environment),
    systems.join(', ') || 'none',
    timeOr(lastSeen, 'not of late'),
  ]);
  return table({
    caption: 'Sites',
    head: ['Site', 'State', 'Environment', 'Systems', 'Runner last seen (UTC)'],
    rows,
    none: 'No site is configured.',
  });
}

function runners(all: ToolsPage['tools']['runners']) {
  const rows = all.map(({ site, programs, permissions, remedies, reportedAt }) => [
    named(site),
    remedies.length === 0 ? chip('In order', 'ok') : html`${remedies.map((remedy) => html`<p>${outside(remedy)}</p>`)}`,
    programs.map(({ name, version }) => `${name} ${version ?? '(version unknown)'}`).join(', ') || 'none',
    html`${permissions.map(
      (one) =>
        html`<details><summary>${outside(rightsLine(one))}</summary><ul>${one.rights.map((right) => html`<li>${outside(right)}</li>`)}</ul></details>`,
    )}`,
    timeOr(reportedAt, 'not of late'),
  ]);
  return table({
    caption: 'Runners',
    head: ['Site', 'To do', 'Programs', 'Rights of its credentials', 'Reported (UTC)'],
    rows,
    none: 'No runner has reported within the last minutes.',
  });
}

type Tool = ToolsPage['tools']['items'][number];

const systemOf = ({ name }: Tool) => name.slice(0, name.indexOf('.'));

/** So many are read at once; more are folded by the system that they are for. */
const mostOpen = 25;

/** The operations of one system. */
function group(system: string, tools: readonly Tool[], open: boolean) {
  const rows = tools.map(({ name, kind, tier, summary, permissions, dryRun, rollback, input: schema }) => [
    oneLine(html`<code>${name}</code>`),
    kind === 'read' ? chip('read only', 'quiet') : tierChip(tier),
    html`${outside(summary)}<details><summary>Input and rights</summary><p>${permissions.length === 0 ? 'No rights are needed.' : permissions.join('; ')}</p>${json(`Input of ${name}`, schema)}</details>`,
    possible(dryRun),
    possible(rollback),
  ]);
  const writes = tools.filter(({ kind }) => kind === 'write').length;
  const list = table({
    caption: `Operations of ${system}`,
    head: ['Operation', 'Risk', 'Does', 'Dry run', 'Rollback'],
    rows,
    none: '',
  });
  return html`<details id="system-${system}"${open ? html` open` : nothing}><summary><strong>${system}</strong> <span class="quiet">${counted(tools.length - writes, 'read')}, ${counted(writes, 'write')}</span></summary>${list}</details>`;
}

function operations({ tools: { items, hash }, query }: ToolsPage) {
  const wanted = items.filter(
    (tool) =>
      (query.kind === '' || tool.kind === query.kind) &&
      (query.system === '' || systemOf(tool) === query.system) &&
      `${tool.name} ${tool.summary}`.toLowerCase().includes(query.text.toLowerCase()),
  );
  const groups = [...Map.groupBy(wanted, systemOf)];
  const systems = [...new Set(items.map(systemOf))].map((value) => ({ value, label: value }));
  const form = filters('/tools', [
    input('text', 'Contains', query.text),
    select('system', 'System', query.system, [{ value: '', label: 'All' }, ...systems]),
    select('kind', 'Kind', query.kind, kinds),
  ]);
  const open = groups.length === 1 || wanted.length <= mostOpen;
  const shown =
    wanted.length === 0
      ? html`<p class="none">No operation is like that.</p>`
      : html`${wanted.length === items.length ? nothing : html`<p>${counted(wanted.length, 'operation')} of ${items.length}</p>`}${groups.map(([system, of]) => group(system, of, open))}`;
  return html`<p class="quiet">${items.length} operations can run; nothing else can. Hash of the registry: ${short(hash)}</p>${form}${shown}`;
}

export function toolsView(page: ToolsPage): View {
  const body = html`${section('sites', 'Sites', health(page.sites))}
${section('runners', 'Runners', runners(page.tools.runners))}
${section('operations', 'Operations', operations(page))}`;
  return { title: 'Tools', section: '/tools', body };
}
