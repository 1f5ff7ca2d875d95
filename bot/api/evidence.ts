import { z } from 'zod';
import type { Finding } from '../../workflows/contracts/finding.ts';
import type { StoredPlan } from '../../workflows/ports.ts';

const Node = z.object({
  id: z.string(),
  kind: z.enum(['observation', 'finding', 'step']),
  label: z.string(),
  state: z.string().nullable(),
});
const Edge = z.object({ from: z.string(), to: z.string(), relation: z.enum(['supports', 'contradicts', 'caused', 'verified by']) });
export const EvidenceGraph = z.object({ nodes: z.array(Node), edges: z.array(Edge) });
export type EvidenceGraph = z.infer<typeof EvidenceGraph>;
type EdgeOf = z.infer<typeof Edge>;

interface Evidence {
  readonly observations: readonly { id: string; operation: string; status: string }[];
  readonly findings: readonly Finding[];
  readonly plans: readonly StoredPlan[];
}

function stepEdges(stored: StoredPlan): EdgeOf[] {
  return stored.steps.flatMap((step) => {
    const id = `${step.planId}/${step.stepId}`;
    const edge = (observation: string | null, make: (to: string) => EdgeOf) => (observation === null ? [] : [make(observation)]);
    return [
      ...stored.plan.findings.map((finding): EdgeOf => ({ from: finding, to: id, relation: 'caused' })),
      ...edge(step.before, (from) => ({ from, to: id, relation: 'supports' })),
      ...edge(step.output, (to) => ({ from: id, to, relation: 'caused' })),
      ...edge(step.verification, (to) => ({ from: id, to, relation: 'verified by' })),
      ...edge(step.rollbackOutput, (to) => ({ from: id, to, relation: 'caused' })),
      ...edge(step.rollbackVerification, (to) => ({ from: id, to, relation: 'verified by' })),
    ];
  });
}

/** Observations, findings and steps as nodes; every edge leads from a node to a node. */
export function evidenceGraph({ observations, findings, plans }: Evidence): EvidenceGraph {
  const nodes: EvidenceGraph['nodes'] = [
    ...observations.map((one) => ({ id: one.id, kind: 'observation' as const, label: one.operation, state: one.status })),
    ...findings.map((one) => ({ id: one.id, kind: 'finding' as const, label: one.title, state: null })),
    ...plans.flatMap((stored) =>
      stored.steps.map((step) => ({
        id: `${step.planId}/${step.stepId}`,
        kind: 'step' as const,
        label: stored.plan.steps.find((one) => one.id === step.stepId)?.summary ?? step.stepId,
        state: step.state,
      })),
    ),
  ];
  const known = new Set(nodes.map((node) => node.id));
  const cited = findings.flatMap((finding) =>
    finding.edges.map((edge): EdgeOf => ({ from: edge.observation, to: finding.id, relation: edge.relation })),
  );
  return { nodes, edges: [...cited, ...plans.flatMap(stepEdges)].filter((edge) => known.has(edge.from) && known.has(edge.to)) };
}
