import { visible } from '../../../blocks/escape.ts';
import type { EvidenceGraph } from '../../evidence/model.ts';
import { type Layout, layOut, nodeSize, type Placed } from '../graph-layout.ts';
import { type Html, html } from '../html.ts';
import { nothing, outside } from './parts.ts';

const kinds = {
  alert: 'Alert',
  change: 'Change',
  observation: 'Observation',
  finding: 'Finding',
  step: 'Step',
  verification: 'Verification',
} as const;
const bad = new Set(['error', 'failed', 'rollback_failed', 'not_reversible']);

/** Characters that fit into a node. */
const room = 26;
const cut = (text: string) => (text.length > room ? `${text.slice(0, room - 1)}…` : text);

function anchorOf({ id, kind }: Pick<Placed, 'id' | 'kind'>): string {
  if (kind === 'observation' || kind === 'verification') return `/observations/${encodeURIComponent(id)}`;
  if (kind === 'step') return `/plans/${encodeURIComponent(id.split('/')[0] ?? '')}`;
  if (kind === 'alert') return '#alerts';
  // A change has no place of its own: findings name it.
  return kind === 'change' ? '#findings' : `#finding-${id}`;
}

function node(one: Placed): Html {
  const state = one.state === null ? '' : `, ${one.state.replaceAll('_', ' ')}`;
  const name = visible(one.label);
  const classes = `node ${one.kind}${one.state !== null && bad.has(one.state) ? ' bad' : ''}`;
  return html`<a href="${anchorOf(one)}" class="${classes}"><rect x="${one.x}" y="${one.y}" width="${nodeSize.width}" height="${nodeSize.height}" rx="5"><title>${name}</title></rect>
<text class="what" x="${one.x + 10}" y="${one.y + 16}">${kinds[one.kind]}${state}</text><text x="${one.x + 10}" y="${one.y + 33}">${cut(name)}</text></a>`;
}

function edge({ relation, from, to }: Layout['edges'][number]): Html {
  const [x1, y1] = [from.x + nodeSize.width, from.y + nodeSize.height / 2];
  const [x2, y2] = [to.x - 5, to.y + nodeSize.height / 2];
  const bend = Math.max(30, (x2 - x1) / 2);
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return html`<path class="edge ${relation.replaceAll(' ', '-')}" d="${path}" marker-end="url(#tip)"><title>${relation}</title></path>`;
}

function drawing(layout: Layout): Html {
  const { width, height, nodes, edges } = layout;
  return html`<svg id="evidence-graph" role="group" aria-label="Evidence graph: the same is said in words below it" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path class="tip" d="M0 0L6 3L0 6Z"/></marker></defs>
${edges.map(edge)}${nodes.map(node)}</svg>`;
}

/** One sentence an edge. */
function inWords(graph: EvidenceGraph): Html {
  const label = new Map(graph.nodes.map((one) => [one.id, `${kinds[one.kind].toLowerCase()} “${one.label}”`]));
  const verbs = { supports: 'supports', contradicts: 'contradicts', caused: 'led to', 'verified by': 'was verified by' } as const;
  const items = graph.edges.map(
    ({ from, to, relation }) => html`<li>${outside(label.get(from) ?? from)} ${verbs[relation]} ${outside(label.get(to) ?? to)}</li>`,
  );
  return html`<details><summary>In words: ${graph.nodes.length} nodes, ${graph.edges.length} edges</summary><ul>${items}</ul></details>`;
}

/** Nodes that are drawn: more would say nothing to anybody. */
const mostNodes = 150;

export function evidence(graph: EvidenceGraph): Html {
  if (graph.nodes.length === 0) return html`<p class="none">Nothing has been looked at yet.</p>`;
  const cited = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  // What no finding and no step refers to is in the list of observations.
  const shown = graph.nodes.filter(({ id, kind }) => kind !== 'observation' || cited.has(id)).slice(0, mostNodes);
  const apart = graph.nodes.length - shown.length;
  const rest = apart === 0 ? nothing : html`<p class="quiet">${apart} more observations are in the list below: nothing refers to them.</p>`;
  const tools = html`<p class="row" id="graph-tools" hidden><button type="button" data-zoom="1.25">Zoom in</button><button type="button" data-zoom="0.8">Zoom out</button><button type="button" data-zoom="0">Actual size</button></p>`;
  if (shown.length === 0) return html`${rest}`;
  const drawn = html`<div class="graph" tabindex="0" role="region" aria-label="Evidence graph, scrolls">${drawing(layOut({ ...graph, nodes: shown }))}</div>`;
  return html`${tools}${drawn}${rest}${inWords(graph)}`;
}
