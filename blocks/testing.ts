import type { Finding } from '../workflows/contracts/finding.ts';
import type { Incident } from '../workflows/contracts/incident.ts';
import type { Plan, Step, Vote } from '../workflows/contracts/plan.ts';
import { createLinks } from './links.ts';
import type { ShownPlan } from './shown-plan.ts';

/** Support for tests of views: one of each thing that a view shows. */

export const links = createLinks('https://wk.example');
export const nameOf = (id: string) => (id === 'alice' ? 'Alice Ahn' : id);
export const hash = (digit: string) => digit.repeat(64);

export const incident: Incident = {
  id: 'inc-1',
  key: 'k1',
  title: 'checkout returns errors',
  text: 'since 14:00',
  source: 'slack',
  service: 'checkout',
  site: 'prod-eu',
  state: 'investigating',
  outcome: null,
  requester: 'bob',
  slack: { team: 'T0SHOP', channel: 'C0INCIDENTS', threadTs: '1790000000.000100' },
  createdAt: '2026-11-23T14:05:00.000Z',
  closedAt: null,
};

export const finding: Finding = {
  id: 'f1',
  analyzer: 'image',
  title: 'The image of checkout cannot be pulled',
  mechanism: 'Revision 3 names an image that the registry does not have, so new pods never start.',
  entity: { site: 'prod-eu', kind: 'Deployment', namespace: 'shop', name: 'checkout' },
  cause: 'image_pull_failure',
  confidence: 0.94,
  refutedBy: 'A pod of revision 3 that runs.',
  edges: [{ observation: hash('a'), relation: 'supports', excerpt: 'ErrImagePull: shop/checkout:1.9.0 not found' }],
  facts: { revision: 3 },
};

const kubectl = (...argv: string[]) => ({
  kind: 'cli' as const,
  binary: 'kubectl',
  argv: ['--context', 'prod-eu', ...argv],
  stdinSha256: null,
});

export const step: Step = {
  id: 's1',
  operation: 'kubernetes.rollout_undo',
  site: 'prod-eu',
  input: { namespace: 'shop', name: 'checkout', toRevision: 2 },
  tier: 'medium',
  summary: 'Return checkout to revision 2',
  via: kubectl('rollout', 'undo', 'deployment/checkout', '--to-revision=2'),
  state: { operation: 'kubernetes.rollout_status', input: { namespace: 'shop', name: 'checkout' } },
  before: hash('b'),
  preconditions: [{ pointer: '/generation', op: 'eq', value: 3 }],
  probe: [{ pointer: '/revision', op: 'eq', value: 2 }],
  ownership: { kind: 'none', by: null },
  impact: { targets: 1, replicas: 3, percent: 100 },
  dryRun: {
    kind: 'shown',
    observation: hash('c'),
    diff: '-  image: shop/checkout:1.9.0\n+  image: shop/checkout:1.8.2',
    digest: hash('d'),
  },
  verification: [
    {
      title: 'all replicas are available',
      operation: 'kubernetes.rollout_status',
      input: {},
      expect: [{ pointer: '/available', op: 'gte', value: 3 }],
      withinSeconds: 120,
      stableSeconds: 10,
    },
  ],
  rollback: {
    kind: 'operation',
    call: { operation: 'kubernetes.rollout_undo', input: {} },
    verification: [
      {
        title: 'revision 3 is back',
        operation: 'kubernetes.rollout_status',
        input: {},
        expect: [{ pointer: '/revision', op: 'eq', value: 3 }],
        withinSeconds: 60,
        stableSeconds: 0,
      },
    ],
    via: kubectl('rollout', 'undo', 'deployment/checkout', '--to-revision=3'),
  },
};

export const plan: Plan = {
  id: 'plan-1',
  incidentId: 'inc-1',
  playbook: 'bad-rollout',
  provenance: null,
  goal: 'Return checkout to the revision that worked',
  findings: ['f1'],
  steps: [step],
  tier: 'medium',
  approval: { needed: 1, roles: ['approver'], excludeRequester: true, groups: [] },
  reasons: ['medium risk needs one approval by someone other than the requester'],
  policyBundle: hash('e'),
  redactionVersion: '1',
  nonce: 'n',
  createdAt: '2026-11-23T14:06:00.000Z',
  expiresAt: '2026-11-23T14:36:00.000Z',
};

export const vote: Vote = {
  id: 'v1',
  planId: 'plan-1',
  requestHash: hash('f'),
  person: 'alice',
  channel: 'slack',
  place: 'thread',
  verdict: 'approve',
  reason: null,
  createdAt: '2026-11-23T14:07:00.000Z',
};

export const shown: ShownPlan = { plan, requestHash: hash('f'), state: 'pending', votes: [], steps: [], breakGlass: null };

type Node = Record<string, unknown>;

function lineOf(node: Node): string[] | null {
  const { type, elements, text, title } = node as { type?: string; elements?: { text?: string }[]; text?: unknown; title?: unknown };
  const line = () => (elements ?? []).map((element) => element.text ?? '').join('');
  if (type === 'rich_text_section') return [line()];
  if (type === 'rich_text_preformatted') return [`| ${line().replaceAll('\n', '\n| ')}`];
  if (type === 'button') return [`[${(text as { text: string }).text}] ${String(node['action_id'])}`];
  if (typeof text === 'string') return [text];
  return typeof title === 'string' ? [title, ...textsOf(Object.values(node).filter((child) => child !== title))] : null;
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return lineOf(value as Node) ?? textsOf(Object.values(value));
}

/** What a reader sees, one line per text, so that a snapshot reads like the message. */
export function readable(view: { readonly blocks: readonly unknown[] }): string {
  return textsOf(view.blocks).join('\n');
}
