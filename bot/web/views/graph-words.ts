import { headOf } from '../../evidence/box.ts';
import type { EvidenceEdge, EvidenceGraph, EvidenceNode, Relation } from '../../evidence/model.ts';
import { type Html, html } from '../html.ts';
import { nothing, outside } from './parts.ts';

/** A graph whose nodes have numbers: ids of nodes hold whatever people and clusters are called. */
export interface Named {
  readonly graph: EvidenceGraph;
  numberOf(id: string): number;
}

const opens: Readonly<Record<EvidenceNode['kind'], string>> = {
  observation: 'Open the observation',
  verification: 'Open what was read',
  step: 'Open the plan',
  alert: 'Go to the alerts',
  finding: 'Go to the finding',
  change: 'Go to the findings',
  memory: 'Open the incident that is remembered',
};

/** Where a node is told in full. */
export function placeOf({ id, kind }: EvidenceNode): string {
  if (kind === 'observation' || kind === 'verification') return `/observations/${encodeURIComponent(id)}`;
  if (kind === 'step') return `/plans/${encodeURIComponent(id.split('/')[0] ?? '')}#step-${encodeURIComponent(id.split('/')[1] ?? '')}`;
  if (kind === 'memory') return `/incidents/${encodeURIComponent(id.slice('memory:'.length))}`;
  if (kind === 'alert') return '#alerts';
  // A change has no place of its own: findings name it.
  return kind === 'change' ? '#findings' : `#finding-${encodeURIComponent(id)}`;
}

const forward: Readonly<Record<Relation, string>> = {
  supports: 'supports',
  contradicts: 'contradicts',
  caused: 'led to',
  'verified by': 'was verified by',
  resembles: 'is like',
};
const backward: Readonly<Record<Relation, string>> = {
  supports: 'is supported by',
  contradicts: 'is contradicted by',
  caused: 'came of',
  'verified by': 'verifies',
  resembles: 'is like what is remembered, which proves nothing:',
};

function edgeWords(edge: EvidenceEdge, own: string, { graph, numberOf }: Named): Html {
  const [verb, other] = edge.from === own ? [forward[edge.relation], edge.to] : [backward[edge.relation], edge.from];
  const label = graph.nodes.find(({ id }) => id === other)?.label ?? other;
  const quoted = edge.note === null ? nothing : html`: <q>${outside(edge.note)}</q>`;
  return html`<li data-relation="${edge.relation.replaceAll(' ', '-')}">${verb} <a href="#node-${numberOf(other)}">${outside(label)}</a>${quoted}</li>`;
}

function nodeWords(node: EvidenceNode, named: Named): Html {
  const edges = named.graph.edges.filter(({ from, to }) => from === node.id || to === node.id);
  const list = edges.length === 0 ? nothing : html`<ul>${edges.map((edge) => edgeWords(edge, node.id, named))}</ul>`;
  const isRead = node.kind === 'observation' || node.kind === 'verification';
  return html`<li id="node-${named.numberOf(node.id)}"${isRead ? html` data-read="${placeOf(node)}"` : nothing}><p><span class="label">${headOf(node)}</span><br><strong>${outside(node.label)}</strong></p>
${node.detail === null ? nothing : html`<p>${outside(node.detail)}</p>`}${list}<p><a href="${placeOf(node)}">${opens[node.kind]}</a></p></li>`;
}

/** Each node with its edges: what the drawing says, and what is shown beside it. */
export function graphWords(named: Named): Html {
  const { nodes, edges } = named.graph;
  return html`<details id="graph-words"><summary>In words: ${nodes.length} nodes, ${edges.length} edges</summary><ol>${nodes.map((node) => nodeWords(node, named))}</ol></details>`;
}
