import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHash, sha256Hex } from '../tools/canonical.ts';
import { Plan } from './contracts/plan.ts';
import { requestHash } from './request-hash.ts';

const plan: Plan = Plan.parse({
  id: 'p1',
  incidentId: 'i1',
  playbook: 'roll-back-bad-rollout',
  goal: 'Return to revision 2',
  findings: ['f1'],
  tier: 'medium',
  approval: { needed: 1, roles: ['approver'], excludeRequester: true },
  reasons: ['tier medium'],
  policyBundle: sha256Hex('bundle'),
  redactionVersion: '1',
  nonce: 'n',
  createdAt: '2026-01-01T10:00:00.000Z',
  expiresAt: '2026-01-01T10:30:00.000Z',
  steps: [
    {
      id: 's1',
      operation: 'kubernetes.rollout_undo',
      site: 'shop',
      input: { namespace: 'shop', name: 'checkout', toRevision: 2, deep: { list: [1, { a: null }] } },
      tier: 'medium',
      summary: 'Return',
      via: { kind: 'cli', binary: 'kubectl', argv: ['rollout', 'undo'], stdinSha256: sha256Hex('in') },
      state: { operation: 'kubernetes.rollout_state', input: { name: 'checkout' } },
      before: sha256Hex('before'),
      preconditions: [{ pointer: '/uid', op: 'eq', value: 'u1' }],
      probe: [{ pointer: '/templateHash', op: 'eq', value: 'h' }],
      dryRun: { kind: 'shown', observation: sha256Hex('o'), diff: '-a\n+b', digest: sha256Hex('d') },
      verification: [
        {
          title: 'ready',
          operation: 'kubernetes.rollout_state',
          input: {},
          expect: [{ pointer: '/complete', op: 'eq', value: true }],
          withinSeconds: 60,
          stableSeconds: 5,
        },
      ],
      rollback: {
        kind: 'operation',
        call: { operation: 'kubernetes.rollout_undo', input: { toRevision: 3 } },
        verification: [
          {
            title: 'ready',
            operation: 'kubernetes.rollout_state',
            input: {},
            expect: [{ pointer: '/complete', op: 'eq', value: true }],
            withinSeconds: 60,
            stableSeconds: 5,
          },
        ],
        via: { kind: 'http', method: 'POST', url: 'http://a', bodySha256: null },
      },
    },
  ],
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every way to a leaf. */
function leaves(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, child]) => leaves(child as Json, [...path, Array.isArray(value) ? Number(key) : key]));
}

function withLeaf(value: Json, [key, ...rest]: readonly (string | number)[], change: (leaf: Json) => Json): Json {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((child: Json, index) => (index === key ? withLeaf(child, rest, change) : child));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, child]) => [name, name === key ? withLeaf(child, rest, change) : child]),
  );
}

function otherThan(leaf: Json): Json {
  if (typeof leaf === 'number') return leaf + 1;
  if (typeof leaf === 'boolean') return !leaf;
  return leaf === null ? 'something' : `${String(leaf)} `;
}

function shuffled(value: Json, order: (keys: string[]) => string[]): Json {
  if (Array.isArray(value)) return value.map((child: Json) => shuffled(child, order));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(order(Object.keys(value)).map((key) => [key, shuffled((value as Record<string, Json>)[key] ?? null, order)]));
}

const all = leaves(plan as Json);

test('every leaf of a plan counts', () => {
  const hashes = all.map((path) => requestHash(withLeaf(plan as Json, path, otherThan) as Plan));
  expect(all.length).toBeGreaterThan(50);
  expect(new Set([requestHash(plan), ...hashes]).size).toBe(all.length + 1);
});

test('any two different texts in any place give different hashes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.string(), fc.string(), (path, one, other) => {
      const [a, b] = [one, other].map((text) => requestHash(withLeaf(plan as Json, path, () => text) as Plan));
      expect(a === b).toBe(one === other);
    }),
  );
});

test('the order of keys does not count, that of steps and arguments does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (weights) => {
      const order = (keys: string[]) => keys.toSorted((a, b) => (weights[keys.indexOf(a)] ?? 0) - (weights[keys.indexOf(b)] ?? 0));
      expect(requestHash(shuffled(plan as Json, order) as Plan)).toBe(requestHash(plan));
    }),
  );
  const reversed = { ...plan, reasons: ['a', 'b'] };
  expect(requestHash(reversed)).not.toBe(requestHash({ ...plan, reasons: ['b', 'a'] }));
});

test('a plan that was stored before groups, impact, owners and provenance were known keeps its hash', () => {
  expect(plan).toMatchObject({ approval: { groups: [] }, provenance: null, steps: [{ impact: null, ownership: null }] });
  const { groups: _, ...approval } = plan.approval;
  const steps = plan.steps.map(({ impact: __, ownership: ____, ...step }) => step);
  const { provenance: ___, ...rest } = plan;
  expect(requestHash(plan)).toBe(contentHash({ ...rest, approval, steps }));
  const provenance = { file: 'a.yaml', origin: 'own', sha256: 'a'.repeat(64), set: 'b'.repeat(64), specificity: 1, over: [] } as const;
  expect(requestHash({ ...plan, provenance: { ...provenance, over: [] } })).not.toBe(requestHash(plan));
});

test('who has to approve, and how much a step changes, count', () => {
  const groups = [{ group: 'owners:checkout', needed: 1 }];
  const impact = { targets: 1, replicas: 3, percent: 100 };
  const [step] = plan.steps;
  if (step === undefined) throw new Error('no step');
  const others = [
    { ...plan, approval: { ...plan.approval, groups } },
    { ...plan, steps: [{ ...step, impact }] },
    { ...plan, steps: [{ ...step, impact: { ...impact, replicas: 4 } }] },
  ];
  expect(new Set([plan, ...others].map(requestHash)).size).toBe(4);
});
