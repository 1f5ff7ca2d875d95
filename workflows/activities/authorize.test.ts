import { expect, test } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { AuthorizeRequest } from '../contracts/activities.ts';
import { Plan } from '../contracts/plan.ts';
import { requestHash } from '../request-hash.ts';
import { authorizeStep } from './authorize.ts';
import type { Deps } from './deps.ts';

const registry = createRegistry();
const release = { namespace: 'shop', release: 'web' };
const input = { ...release, toRevision: 2 };
const via = { kind: 'cli' as const, binary: 'helm', argv: ['rollback', 'web', '3'], stdinSha256: null };

function helmState(change: Record<string, unknown>) {
  return {
    ...{ exists: true, revision: 3, status: 'deployed', pending: false, description: '', rollbackTo: null, deployedAt: null },
    ...{ gitOwner: null, objects: 1, replicas: 1, tests: { count: 0, failed: 0, lastAt: null } },
    ...change,
  };
}

/** A plan that brings revision 2 back, and would bring 3 back if that fails; and the release as it stands then. */
async function rollbackFrom(state: Record<string, unknown>) {
  const rollback = registry.get('helm.rollback');
  if (rollback?.kind !== 'write') throw new Error('helm.rollback is no write');
  const before = helmState({});
  const check = { title: 't', ...rollback.state(input), expect: [...rollback.probe(input, before)], withinSeconds: 1, stableSeconds: 0 };
  const step = {
    ...{ id: 's1', operation: 'helm.rollback', site: 'shop', input, tier: 'medium', summary: 's', via, state: rollback.state(input) },
    ...{ before: sha256Hex('before'), preconditions: rollback.preconditions(input, before), probe: rollback.probe(input, before) },
    ...{ dryRun: { kind: 'none', reason: 'made up' }, verification: [check] },
    rollback: { kind: 'operation', call: rollback.rollback?.(input, before), verification: [check], via },
  };
  const plan = Plan.parse({
    ...{ id: 'p1', incidentId: 'i1', playbook: 'p', goal: 'g', findings: [], steps: [step], tier: 'medium', reasons: [], nonce: 'n' },
    ...{ approval: { needed: 1, roles: [], excludeRequester: false }, policyBundle: sha256Hex('policy'), redactionVersion: '1' },
    ...{ createdAt: '2026-11-27T08:00:00.000Z', expiresAt: '2026-11-27T08:30:00.000Z' },
  });
  const observed = { operation: 'helm.status', site: 'shop', mode: 'run', status: 'ok', input: release };
  const kept: Record<string, unknown> = {
    [sha256Hex('before')]: { ...observed, output: before },
    [sha256Hex('now')]: { ...observed, output: helmState(state) },
    [sha256Hex('via')]: { output: via },
  };
  const deps = {
    ...{ registry, now: () => new Date('2026-11-27T08:10:00Z'), policy: { bundle: 'b' }, signGrant: async () => 'grant' },
    observations: { get: async (id: string) => kept[id] },
    plans: { get: async () => ({ plan, requestHash: requestHash(plan), state: 'executing' }), issueGrant: async () => undefined },
  } as unknown as Deps;
  const ids = { incidentId: 'i1', planId: 'p1', stepId: 's1', state: sha256Hex('now'), via: sha256Hex('via') };
  return await authorizeStep(deps, { ...ids, direction: 'rollback', dryRun: null } satisfies AuthorizeRequest);
}

test('what was done, and what failed half-way, is taken back', async () => {
  expect(await rollbackFrom({ revision: 4, rollbackTo: 2 })).toMatchObject({ kind: 'granted' });
  expect(await rollbackFrom({ revision: 4, status: 'failed' })).toMatchObject({
    ...{ kind: 'granted', call: { operation: 'helm.rollback', input: { ...release, toRevision: 3 } } },
  });
});

test.each([
  ['what somebody else did since', { revision: 5, status: 'failed' }],
  ['what may still be under way', { revision: 4, rollbackTo: 2, status: 'pending-rollback', pending: true }],
])('%s is left alone', async (_, state) => {
  expect(await rollbackFrom(state)).toMatchObject({
    kind: 'refused',
    code: 'moved',
    reason: expect.stringContaining('as the step left it'),
  });
});
