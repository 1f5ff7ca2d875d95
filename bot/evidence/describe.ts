import { headOf } from './box.ts';
import type { EvidenceGraph, EvidenceNode, NodeKind } from './model.ts';
import type { Picked } from './pick.ts';

const order: readonly NodeKind[] = ['alert', 'change', 'finding', 'observation', 'step', 'verification', 'memory'];

function sentence(node: EvidenceNode, { nodes, edges }: EvidenceGraph): string {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const ins = edges.filter(({ to }) => to === node.id).map(({ from, relation }) => ({ relation, label: labels.get(from) ?? from }));
  const named = (relation: string, words: string) => {
    const found = ins.filter((each) => each.relation === relation).map(({ label }) => `“${label}”`);
    return found.length === 0 ? [] : [`${words} ${found.join(', ')}`];
  };
  const how = [
    ...named('caused', node.kind === 'step' ? 'proposed because of' : 'caused by'),
    ...named('supports', 'supported by'),
    ...named('contradicts', 'contradicted by'),
    ...named('verified by', 'verifies'),
    ...named('resembles', 'like what is remembered, which proves nothing:'),
  ];
  return `${headOf(node)}: ${node.label}${how.length === 0 ? '' : ` (${how.join('; ')})`}.`;
}

/** The picture in words, the most telling first; cut at `limit` characters. */
export function describe({ graph, left }: Picked, limit = 4_000): string {
  const kinds = order.flatMap((kind) => graph.nodes.filter((node) => node.kind === kind));
  const told = kinds.filter(({ kind }) => kind !== 'observation').map((node) => sentence(node, graph));
  const text = [...told, ...(left === null ? [] : [`Not shown: ${left}.`])].join(' ');
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}
