import { expect, test } from 'vitest';
import type { AutonomyRule } from '../../policy/contract/autonomy.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { DecisionRecord, DecisionStore } from '../ports.ts';
import { allowedReads } from './reads.ts';

const policy = await loadCommittedPolicy();

function depsWith(rules: readonly AutonomyRule[], record: DecisionStore['record']): Parameters<typeof allowedReads>[0] {
  return {
    policy,
    registry: createRegistry(),
    estate: { sites: [], services: [], people: [] },
    autonomy: {
      approvalMinutes: 30,
      rules,
      budgets: { stepsPerPlan: 1, targetsPerStep: 1, replicasPerStep: 1, percentPerStep: 1, writesPerHour: 1 },
      freezes: [],
      windows: [],
      timezone: 'UTC',
      breakGlass: null,
    },
    decisions: { record },
    now: () => new Date('2026-01-01T10:00:00.000Z'),
  };
}

const probesWith = (...operations: string[]) =>
  operations.map((operation) => ({ site: 'shop', title: `Look with ${operation}`, operation, input: {} }));

async function reads(rules: readonly AutonomyRule[], ...operations: string[]) {
  const recorded: (readonly DecisionRecord[])[] = [];
  const deps = depsWith(rules, async (decisions) => void recorded.push(decisions));
  return { ...(await allowedReads(deps, 'i1', probesWith(...operations))), recorded };
}

test('reads are allowed unless a rule denies them', async () => {
  expect(await reads([], 'kubernetes.get', 'kubernetes.logs')).toMatchObject({ allowed: [{}, {}], gaps: [] });
});

test('a read that is denied becomes a gap in the words of policy; the others run', async () => {
  const { allowed, gaps } = await reads([{ mode: 'deny', operation: 'kubernetes.logs' }], 'kubernetes.get', 'kubernetes.logs');
  expect(allowed.map(({ operation }) => operation)).toEqual(['kubernetes.get']);
  expect(gaps).toEqual([expect.stringMatching(/^Look with kubernetes\.logs: .+/)]);
});

test('what is no read, or not registered, is not read', async () => {
  expect((await reads([], 'kubernetes.scale', 'shell.run')).allowed).toEqual([]);
});

test('every answer is recorded, at once, with the bundle that gave it', async () => {
  const { recorded } = await reads([{ mode: 'deny', operation: 'kubernetes.logs' }], 'kubernetes.get', 'kubernetes.logs');
  const common = { incidentId: 'i1', planId: null, stepId: null, bundle: policy.bundle };
  expect(recorded).toMatchObject([
    [
      { ...common, input: { question: 'read', operation: { name: 'kubernetes.get' } }, result: { verdict: 'allow' } },
      { ...common, input: { question: 'read', operation: { name: 'kubernetes.logs' } }, result: { verdict: 'deny' } },
    ],
  ]);
});

test('what cannot be recorded is not allowed', async () => {
  const deps = depsWith([], () => Promise.reject(new Error('no database answers')));
  await expect(allowedReads(deps, 'i1', probesWith('kubernetes.get'))).rejects.toThrow('no database answers');
});
