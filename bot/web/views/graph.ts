import { type Arranged, arrange, boxesOf, linesOf } from '../../evidence/arrange.ts';
import { sampleOf } from '../../evidence/line.ts';
import { type EvidenceGraph, type EvidenceNode, type NodeKind, Relation } from '../../evidence/model.ts';
import { light } from '../../evidence/theme.ts';
import { counted } from '../../evidence/words.ts';
import { type Html, html } from '../html.ts';
import { graphWords, type Named, placeOf } from './graph-words.ts';
import { nothing } from './parts.ts';

/** Nodes that are drawn: more would say nothing to anybody. */
const mostNodes = 80;
/** Pixels of the drawing at its own size. */
const room = { width: 880, widest: 250 } as const;
const margin = 8;

/** What is drawn first, where not everything can be. */
const order: readonly NodeKind[] = ['finding', 'step', 'verification', 'alert', 'change', 'observation', 'memory'];

/** Without the observations to which nothing refers, and no more than can be looked at. */
function shownOf({ nodes, edges }: EvidenceGraph): EvidenceGraph {
  const cited = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const worth = nodes.filter(({ id, kind }) => kind !== 'observation' || cited.has(id));
  const kept = new Set(
    worth
      .toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
      .slice(0, mostNodes)
      .map(({ id }) => id),
  );
  return { nodes: nodes.filter(({ id }) => kept.has(id)), edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
}

const classOf = (relation: Relation) => relation.replaceAll(' ', '-');

/** Where somebody starts to read who cannot see all of it: what brought about a change, else what is surest. */
function startOf({ nodes, edges }: EvidenceGraph): string | undefined {
  const causes = new Set(edges.filter(({ relation }) => relation === 'caused').map(({ from }) => from));
  const findings = nodes.filter(({ kind }) => kind === 'finding');
  const worth = ({ id, confidence }: EvidenceNode) => (causes.has(id) ? 1 : 0) + (confidence ?? 0);
  return (findings.toSorted((one, other) => worth(other) - worth(one))[0] ?? nodes[0])?.id;
}

/** A box names the link in which it stands. Colours are the theme's: the sheet of the graph overrules them in the dark. */
function drawing(arranged: Arranged, named: Named): Html {
  const [width, height] = [Math.ceil(arranged.width) + 2 * margin, Math.ceil(arranged.height) + 2 * margin];
  const lines = linesOf(arranged, light).map(
    ({ edge: { from, to, relation }, svg }) =>
      html`<g class="edge ${classOf(relation)}" data-relation="${classOf(relation)}" data-from="${named.numberOf(from)}" data-to="${named.numberOf(to)}">${{ html: svg }}</g>`,
  );
  const first = startOf(named.graph);
  const boxes = boxesOf(arranged, light).map(
    ({ box: { node }, svg }) =>
      html`<a class="node" href="${placeOf(node)}" data-node="${named.numberOf(node.id)}"${node.id === first ? html` data-start` : nothing}>${{ html: svg }}</a>`,
  );
  return html`<svg id="evidence-graph" role="group" aria-label="Evidence graph: the same is said in words below it" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" font-family="'DejaVu Sans', Verdana, sans-serif">
<g aria-hidden="true">${lines}</g>${boxes}</svg>`;
}

/** Works without scripts: the style sheet hides what is not ticked. */
function filter({ edges }: EvidenceGraph): Html {
  const relations = Relation.options.filter((relation) => edges.some((edge) => edge.relation === relation));
  if (relations.length < 2) return nothing;
  const boxes = relations.map(
    (relation) =>
      html`<label class="tick"><input type="checkbox" id="relation-${classOf(relation)}" checked><svg width="40" height="10" aria-hidden="true">${{ html: sampleOf(relation, { x: 1, y: 5 }, light) }}</svg>${relation}</label>`,
  );
  return html`<fieldset class="row"><legend>Relations that are shown</legend>${boxes}</fieldset>`;
}

const zoom = html`<p class="row" id="graph-tools" hidden><button type="button" data-zoom="fit" title="All of it at once (F)">Fit</button><button type="button" data-zoom="1.25">Zoom in</button><button type="button" data-zoom="0.8">Zoom out</button><button type="button" data-zoom="0">Actual size</button></p>`;

const detail = html`<aside id="graph-detail" class="panel" aria-label="What is selected" hidden><p class="quiet">Select something in the graph to read it here. Keys: → and ← go along the lines, ↑ and ↓ to what stands above or below, + − 0 change the size, F shows all of it, Enter opens it.</p></aside>`;

/** The graph, what is selected beside it, and all of it in words. `files`: where it can be had as a picture. */
export async function evidence(graph: EvidenceGraph, files: string): Promise<Html> {
  if (graph.nodes.length === 0) return html`<p class="none">Nothing has been looked at yet.</p>`;
  const shown = shownOf(graph);
  const apart = graph.nodes.length - shown.nodes.length;
  const rest =
    apart === 0 ? nothing : html`<p class="quiet">${counted(apart, 'observation')} more in the list below: nothing refers to them.</p>`;
  if (shown.nodes.length === 0) return rest;
  const numbers = new Map(shown.nodes.map(({ id }, index) => [id, index + 1]));
  const named: Named = { graph: shown, numberOf: (id) => numbers.get(id) ?? 0 };
  const drawn = html`<div class="graph" tabindex="0" role="region" aria-label="Evidence graph, scrolls">${drawing(await arrange(shown, room), named)}</div>`;
  const saved = html`<p class="quiet">As a picture: <a href="${files}.svg">SVG</a>, <a href="${files}.png">PNG</a></p>`;
  return html`<div class="evidence"><div class="row">${filter(shown)}${zoom}</div><div class="beside">${drawn}${detail}</div>${rest}${saved}${graphWords(named)}</div>`;
}
