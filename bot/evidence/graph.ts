import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Alert } from '../store/alerts.ts';
import type { ObservationHead } from '../store/observations.ts';
import { changeParts } from './changes.ts';
import { memoryParts } from './memories.ts';
import { type Evidence, type EvidenceEdge, type EvidenceGraph, type EvidenceNode, edgeOf, type Parts } from './model.ts';
import { stepParts } from './steps.ts';
import { observationLabel } from './words.ts';

function observationNode(head: ObservationHead): EvidenceNode {
  return {
    id: head.id,
    kind: 'observation',
    label: observationLabel(head),
    state: head.status,
    detail: head.site,
    confidence: null,
    at: head.at,
  };
}

function findingNode(finding: Finding): EvidenceNode {
  const { id, title, mechanism, confidence } = finding;
  return { id, kind: 'finding', label: title, state: null, detail: mechanism, confidence, at: null };
}

function alertNode(alert: Alert): EvidenceNode {
  const detail = alert.source === 'pagerduty' ? 'PagerDuty' : 'Alertmanager';
  return { id: alert.id, kind: 'alert', label: alert.title, state: alert.status, detail, confidence: null, at: alert.startsAt };
}

/** The surest finding about the alert's own service explains it. */
function alertEdges({ alerts, findings }: Evidence): EvidenceEdge[] {
  return alerts.flatMap((alert) => {
    const about = findings.filter(({ entity }) => entity.name === alert.service && (alert.site === null || alert.site === entity.site));
    const surest = about.toSorted((a, b) => b.confidence - a.confidence)[0];
    return surest === undefined ? [] : [edgeOf(surest.id, 'caused', alert.id)];
  });
}

function citations(findings: readonly Finding[]): EvidenceEdge[] {
  return findings.flatMap(({ id, edges }) => edges.map((edge) => edgeOf(edge.observation, edge.relation, id, edge.excerpt)));
}

/** Every edge leads from a node to a node; what a verification read is a verification, and no observation beside it. */
export function evidenceGraph(evidence: Evidence): EvidenceGraph {
  const { alerts, observations, findings, plans } = evidence;
  const parts: readonly Parts[] = [changeParts(evidence), ...plans.map((plan) => stepParts(plan))];
  const nodes = [
    ...alerts.map(alertNode),
    ...observations.map(observationNode),
    ...findings.map(findingNode),
    ...parts.flatMap((part) => part.nodes),
  ];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = [...citations(findings), ...alertEdges(evidence), ...parts.flatMap((part) => part.edges)];
  const memories = memoryParts(evidence);
  // What is remembered comes last, and takes nobody's place.
  for (const node of memories.nodes) if (!byId.has(node.id)) byId.set(node.id, node);
  const edges = [...known, ...memories.edges];
  return { nodes: [...byId.values()], edges: edges.filter((edge) => byId.has(edge.from) && byId.has(edge.to)) };
}
