import { expect, test } from 'vitest';
import type { AutonomyRule } from '../../policy/contract/autonomy.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { Deps } from './deps.ts';
import { allowedReads } from './reads.ts';

const policy = await loadCommittedPolicy();

function reads(rules: readonly AutonomyRule[], ...operations: string[]) {
  const deps: Pick<Deps, 'policy' | 'registry' | 'estate' | 'autonomy' | 'now'> = {
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
    now: () => new Date('2026-01-01T10:00:00.000Z'),
  };
  return allowedReads(
    deps,
    operations.map((operation) => ({ site: 'shop', title: `Look with ${operation}`, operation, input: {} })),
  );
}

test('reads are allowed unless a rule denies them', () => {
  expect(reads([], 'kubernetes.get', 'kubernetes.logs')).toMatchObject({ allowed: [{}, {}], gaps: [] });
});

test('a read that is denied becomes a gap in the words of policy; the others run', () => {
  const { allowed, gaps } = reads([{ mode: 'deny', operation: 'kubernetes.logs' }], 'kubernetes.get', 'kubernetes.logs');
  expect(allowed.map(({ operation }) => operation)).toEqual(['kubernetes.get']);
  expect(gaps).toEqual([expect.stringMatching(/^Look with kubernetes\.logs: .+/)]);
});

test('what is no read, or not registered, is not read', () => {
  expect(reads([], 'kubernetes.scale', 'shell.run').allowed).toEqual([]);
});
