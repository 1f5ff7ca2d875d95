import type { z } from 'zod';
import type { ToolsAnswer } from '../../api/routes/tools.ts';
import { rightsLine } from '../../runner-states.ts';
import type { SiteHealth } from '../../site-health.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { chip, filters, input, json, oneLine, outside, section, select, short, table, timeOr } from './parts.ts';
import { tierChip } from './states.ts';

export interface ToolsPage {
  readonly tools: z.infer<typeof ToolsAnswer>;
  /** Null: the engine does not say. */
  readonly sites: readonly SiteHealth[] | null;
  readonly query: { readonly text: string; readonly kind: string };
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
    outside(name),
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
    outside(site),
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

export function toolsView({ tools, sites, query }: ToolsPage): View {
  const wanted = tools.items.filter(
    ({ name, kind, summary }) =>
      (query.kind === '' || kind === query.kind) && `${name} ${summary}`.toLowerCase().includes(query.text.toLowerCase()),
  );
  const rows = wanted.map(({ name, kind, tier, summary, permissions, dryRun, rollback, input: schema }) => [
    oneLine(html`<code>${name}</code>`),
    kind === 'read' ? chip('read only', 'quiet') : tierChip(tier),
    html`${outside(summary)}<details><summary>Input and rights</summary><p>${permissions.length === 0 ? 'No rights are needed.' : permissions.join('; ')}</p>${json(`Input of ${name}`, schema)}</details>`,
    possible(dryRun),
    possible(rollback),
  ]);
  const form = filters('/tools', [input('text', 'Contains', query.text), select('kind', 'Kind', query.kind, kinds)]);
  const list = table({
    caption: 'Operations',
    head: ['Operation', 'Risk', 'Does', 'Dry run', 'Rollback'],
    rows,
    none: 'No operation is like that.',
  });
  const body = html`${section('sites', 'Sites', html`${health(sites)}${runners(tools.runners)}`)}
${section('operations', 'Operations', html`<p class="quiet">${tools.items.length} operations can run; nothing else can. Hash of the registry: ${short(tools.hash)}</p>${form}${list}`)}`;
  return { title: 'Tools', section: '/tools', body };
}
