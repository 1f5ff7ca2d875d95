import type { Step, StepRecord } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { type EvidenceEdge, type EvidenceNode, edgeOf, type Parts, type Relation } from './model.ts';

export const stepNodeId = (planId: string, stepId: string) => `${planId}/${stepId}`;

/** What came of the verification of a step, forward and of its rollback. */
function verdicts({ state, verification, rollbackVerification }: StepRecord) {
  const forward = verification === null ? [] : [{ id: verification, held: state === 'done' }];
  const back = rollbackVerification === null ? [] : [{ id: rollbackVerification, held: state === 'rolled_back' }];
  return { forward, back };
}

function checked(step: Step, direction: 'forward' | 'back'): string {
  const checks = direction === 'forward' ? step.verification : step.rollback.kind === 'operation' ? step.rollback.verification : [];
  return checks.map(({ title }) => title).join('; ') || 'checked';
}

function verificationNodes(step: Step, record: StepRecord): EvidenceNode[] {
  const { forward, back } = verdicts(record);
  const node =
    (label: string) =>
    ({ id, held }: { id: string; held: boolean }): EvidenceNode => ({
      id,
      kind: 'verification',
      label,
      state: held ? 'held' : 'failed',
      detail: held ? null : record.reason,
      confidence: null,
      at: null,
    });
  return [...forward.map(node(checked(step, 'forward'))), ...back.map(node(`After the rollback: ${checked(step, 'back')}`))];
}

function edgesOf(id: string, step: Step, record: StepRecord, findings: readonly string[]): EvidenceEdge[] {
  const to = (other: string | null, relation: Relation) => (other === null ? [] : [edgeOf(id, relation, other)]);
  const before = [record.before ?? step.before, ...(step.dryRun.kind === 'shown' ? [step.dryRun.observation] : [])];
  return [
    ...findings.map((finding) => edgeOf(finding, 'caused', id)),
    ...before.map((observation) => edgeOf(observation, 'supports', id)),
    ...to(record.output, 'caused'),
    ...to(record.verification, 'verified by'),
    ...to(record.rollbackOutput, 'caused'),
    ...to(record.rollbackVerification, 'verified by'),
  ];
}

/** A finding brought a step about; what was read before it supports it; what it brought about and what verified it follow. */
export function stepParts({ plan, steps }: StoredPlan): Parts {
  const found = steps.flatMap((record) => {
    const step = plan.steps.find(({ id }) => id === record.stepId);
    return step === undefined ? [] : [{ id: stepNodeId(plan.id, record.stepId), step, record }];
  });
  const stepNode = ({ id, step, record }: (typeof found)[number]): EvidenceNode => ({
    id,
    kind: 'step',
    label: step.summary,
    state: record.state,
    detail: `${step.operation} on ${step.site}`,
    confidence: null,
    at: null,
  });
  return {
    nodes: found.flatMap((one) => [stepNode(one), ...verificationNodes(one.step, one.record)]),
    edges: found.flatMap(({ id, step, record }) => edgesOf(id, step, record, plan.findings)),
  };
}
