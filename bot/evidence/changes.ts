import { rolledOutAt as rolledOut } from '../../tools/kubernetes/rolled-out.ts';
import { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import type { Finding } from '../../workflows/contracts/finding.ts';
import { type Evidence, type EvidenceNode, edgeOf, type Parts } from './model.ts';

function changeNode(id: string, label: string, at: string | null): EvidenceNode {
  return { id, kind: 'change', label, state: null, detail: null, confidence: null, at };
}

/** When the revision was rolled out, from a rollout that the finding cites; null where none of them says. */
function rolledOutAt(finding: Finding, revision: number, bodies: Evidence['bodies']): string | null {
  for (const { observation } of finding.edges) {
    const state = RolloutState.safeParse(bodies.get(observation)?.output);
    const found = state.success && state.data.revision === revision ? rolledOut(state.data) : null;
    if (found !== null) return found;
  }
  return null;
}

function rolloutParts(finding: Finding, bodies: Evidence['bodies']): Parts {
  const revision = finding.facts['revision'];
  if (typeof revision !== 'number') return { nodes: [], edges: [] };
  const { site, namespace, name } = finding.entity;
  const id = `rollout:${site}/${namespace ?? ''}/${name}/${revision}`;
  const node = changeNode(id, `Rollout of ${name}, revision ${revision}`, rolledOutAt(finding, revision, bodies));
  return { nodes: [node], edges: [edgeOf(id, 'caused', finding.id)] };
}

/** A change as likely as this is named by its finding. */
const likely = 0.5;

/** What changed before a finding and was named by it. */
function namedParts({ id: finding, changes = [] }: Finding): Parts {
  const named = changes
    .filter(({ score }) => score >= likely)
    .slice(0, 1)
    .map(({ words, because, at, subject }) => ({ id: `changed:${subject}/${at}`, words, because, at }));
  return {
    nodes: named.map(({ id, words, because, at }) => ({ ...changeNode(id, words, at), detail: because })),
    edges: named.map(({ id, because }) => edgeOf(id, 'caused', finding, because)),
  };
}

/** Rollouts that findings name, what else they say changed before them, and changes that alerts were attributed to. */
export function changeParts({ findings, alerts, bodies }: Evidence): Parts {
  const rollouts = findings.flatMap((finding) => [rolloutParts(finding, bodies), namedParts(finding)]);
  const attributed = alerts.flatMap((alert) => alert.changes.map((change) => ({ id: `change:${change}`, change, alert: alert.id })));
  return {
    nodes: [...rollouts.flatMap(({ nodes }) => nodes), ...attributed.map(({ id, change }) => changeNode(id, `Change ${change}`, null))],
    edges: [...rollouts.flatMap(({ edges }) => edges), ...attributed.map(({ id, alert }) => edgeOf(id, 'caused', alert))],
  };
}
