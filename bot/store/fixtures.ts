import { randomUUID } from 'node:crypto';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import type { Observation } from '../../tools/contract.ts';
import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Plan, Vote } from '../../workflows/contracts/plan.ts';
import type { DecisionRecord } from '../../workflows/ports.ts';
import type { Actor } from './audit.ts';
import type { NewIncident } from './incidents.ts';
import type { Store } from './store.ts';

/** Values for tests, whole and made up. */
export const alice: Actor = { kind: 'person', id: 'alice' };

export const newIncident = (change: Partial<NewIncident> = {}): NewIncident => ({
  title: 'checkout fails',
  text: 'since 10:00',
  source: 'api',
  service: 'checkout',
  site: 'shop',
  requester: 'alice',
  ...change,
});

export const observationOf = (incidentId: string, change: Partial<Observation> = {}): Observation => ({
  version: 1,
  callId: randomUUID(),
  incidentId,
  site: 'shop',
  operation: 'kubernetes.get',
  mode: 'run',
  input: { name: 'checkout' },
  via: { kind: 'cli', binary: 'kubectl', argv: ['get', 'deploy', 'checkout'], stdinSha256: null },
  startedAt: '2026-01-01T10:00:00.000Z',
  finishedAt: '2026-01-01T10:00:01.000Z',
  status: 'ok',
  errorCode: null,
  exitCode: 0,
  output: { ready: 1 },
  stdout: 'ready',
  stderr: '',
  truncated: false,
  redactions: 0,
  redactionVersion: 'test',
  ...change,
});

export const findingOf = (observation: string, change: Partial<Finding> = {}): Finding => ({
  id: randomUUID(),
  analyzer: 'rollout',
  title: 'the image cannot be pulled',
  mechanism: 'no pod gets ready',
  entity: { site: 'shop', kind: 'Deployment', namespace: 'shop', name: 'checkout' },
  cause: 'image_pull_failure',
  confidence: 0.9,
  refutedBy: 'a pod with that image runs',
  edges: [{ observation, relation: 'supports', excerpt: 'ErrImagePull' }],
  facts: { revision: 3 },
  ...change,
});

export function planOf(incidentId: string, before: string, change: Partial<Plan> = {}): Plan {
  const check = {
    title: 'ready',
    operation: 'kubernetes.get',
    input: {},
    expect: [{ pointer: '/ready', op: 'eq' as const, value: 1 }],
    withinSeconds: 60,
    stableSeconds: 5,
  };
  return {
    id: randomUUID(),
    incidentId,
    playbook: 'bad-rollout',
    provenance: null,
    goal: 'undo the rollout',
    findings: ['f1'],
    tier: 'medium',
    steps: [
      {
        id: 's1',
        operation: 'kubernetes.rollout_undo',
        site: 'shop',
        input: { name: 'checkout', toRevision: 2 },
        tier: 'medium',
        summary: 'Return checkout to revision 2',
        via: { kind: 'cli', binary: 'kubectl', argv: ['rollout', 'undo', 'deployment/checkout', '--to-revision=2'], stdinSha256: null },
        state: { operation: 'kubernetes.get', input: {} },
        before,
        preconditions: [],
        probe: [{ pointer: '/revision', op: 'eq', value: 2 }],
        ownership: { kind: 'none', by: null },
        impact: { targets: 1, replicas: 2, percent: 100 },
        dryRun: { kind: 'none', reason: 'made up' },
        verification: [check],
        rollback: { kind: 'none', reason: 'made up' },
      },
    ],
    approval: { needed: 1, roles: ['approver'], excludeRequester: true, groups: [] },
    reasons: ['medium tier'],
    policyBundle: sha256Hex('bundle'),
    redactionVersion: 'test',
    nonce: randomUUID(),
    createdAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 1_800_000).toISOString(),
    ...change,
  };
}

export const decisionOf = (plan: Plan): DecisionRecord => ({
  incidentId: plan.incidentId,
  planId: plan.id,
  stepId: null,
  bundle: plan.policyBundle,
  input: {},
  result: { verdict: 'needs_approval', reasons: [] },
});

export const voteOf = (plan: Plan, person: string, change: Partial<Vote> = {}): Vote => ({
  id: randomUUID(),
  planId: plan.id,
  requestHash: contentHash(plan),
  person,
  channel: 'slack',
  place: 'thread',
  verdict: 'approve',
  reason: null,
  createdAt: new Date().toISOString(),
  ...change,
});

/** An open incident with one observation and one pending plan. */
export async function seed(store: Store): Promise<{ incident: Incident; before: string; plan: Plan; requestHash: string }> {
  const { incident } = await store.incidents.open(newIncident(), alice);
  const before = await store.observations.put(observationOf(incident.id));
  const plan = planOf(incident.id, before);
  const requestHash = contentHash(plan);
  await store.plans.save(plan, requestHash, decisionOf(plan));
  return { incident, before, plan, requestHash };
}
