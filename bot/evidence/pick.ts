import type { EvidenceEdge, EvidenceGraph, EvidenceNode, NodeKind } from './model.ts';
import { counted } from './words.ts';

/** What a picture of Slack's width can show so that it can still be read. */
const most = { findings: 3, supports: 4, contradicts: 2, changes: 3, alerts: 3, steps: 4, memories: 2 } as const;

export interface Picked {
  readonly graph: EvidenceGraph;
  /** In words, e.g. `31 observations, 1 finding`; null: everything is shown. */
  readonly left: string | null;
}

const planOf = (step: EvidenceNode) => step.id.slice(0, step.id.lastIndexOf('/'));

/** Steps of the last plan, and before them those that were carried out. */
function shownSteps(steps: readonly EvidenceNode[]): readonly EvidenceNode[] {
  const last = steps.at(-1);
  return steps.filter((step) => (last !== undefined && planOf(step) === planOf(last)) || step.state !== 'pending').slice(-most.steps);
}

function citedBy(edges: readonly EvidenceEdge[], finding: string): readonly string[] {
  const into = (relation: EvidenceEdge['relation']) => edges.filter((edge) => edge.to === finding && edge.relation === relation);
  return [...into('supports').slice(0, most.supports), ...into('contradicts').slice(0, most.contradicts)].map(({ from }) => from);
}

function leftOut(all: readonly EvidenceNode[], kept: ReadonlySet<string>): string | null {
  const kinds: readonly NodeKind[] = ['finding', 'observation', 'change', 'alert', 'step', 'verification', 'memory'];
  const words = kinds.flatMap((kind) => {
    const count = all.filter((node) => node.kind === kind && !kept.has(node.id)).length;
    return count === 0 ? [] : [counted(count, kind)];
  });
  return words.length === 0 ? null : words.join(', ');
}

/** The strongest: the surest findings with what supports and contradicts them, the changes, the alerts, and the steps with their verification. */
export function pick({ nodes, edges }: EvidenceGraph): Picked {
  const of = (kind: NodeKind) => nodes.filter((node) => node.kind === kind);
  const findings = of('finding')
    .toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))
    .slice(0, most.findings);
  const found = new Set(findings.map(({ id }) => id));
  const steps = shownSteps(of('step'));
  const stepIds = new Set(steps.map(({ id }) => id));
  const explains = new Set(edges.filter(({ from, relation }) => found.has(from) && relation === 'caused').map(({ to }) => to));
  const alerts = of('alert').toSorted((a, b) => Number(explains.has(b.id)) - Number(explains.has(a.id)));
  const shownAlerts = alerts.slice(0, most.alerts).map(({ id }) => id);
  const later = new Set([...found, ...shownAlerts]);
  const changes = of('change').filter(({ id }) => edges.some((edge) => edge.from === id && later.has(edge.to)));
  const verifications = edges.filter(({ from, relation }) => stepIds.has(from) && relation === 'verified by').map(({ to }) => to);
  const memories = of('memory').filter(({ id }) => edges.some(({ from, to }) => from === id && found.has(to)));
  const kept = new Set([
    ...changes.slice(0, most.changes).map(({ id }) => id),
    ...findings.flatMap(({ id }) => citedBy(edges, id)),
    ...found,
    ...shownAlerts,
    ...stepIds,
    ...verifications,
    ...memories.slice(0, most.memories).map(({ id }) => id),
  ]);
  // What a step brought about and what was read just before it would cross the picture; the list and the page have it.
  const drawn = ({ from, to, relation }: EvidenceEdge) =>
    kept.has(from) && kept.has(to) && !(stepIds.has(to) && relation === 'supports') && !(stepIds.has(from) && relation === 'caused');
  return { graph: { nodes: nodes.filter(({ id }) => kept.has(id)), edges: edges.filter(drawn) }, left: leftOut(nodes, kept) };
}
