import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { createLinks } from '../../blocks/links.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { contentHash } from '../../tools/canonical.ts';
import type { Plan } from '../../workflows/contracts/plan.ts';
import { createErrorHandler } from '../api/errors.ts';
import { startIntake } from '../intake/intake.ts';
import { createMirrors } from '../mirrors/index.ts';
import { createLinearAgent } from '../mirrors/linear/agent/client.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { assistantLabels } from '../mirrors/linear/labels.ts';
import { createDirectory } from '../people.ts';
import { loadPostmortem } from '../postmortem/load.ts';
import { type LocalLinear, startLinear } from '../sandbox/linear/server.ts';
import { alice, decisionOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase, testRedactor } from '../store/testing.ts';
import { registerWebhooks } from '../webhooks/index.ts';
import { createLinearIssues } from './linear-issue.ts';
import { createLinearLabels, type LinearLabels } from './linear-labels.ts';
import { createVotes } from './votes.ts';

const uuid = (last: number) => `5a0db0c5-0000-4000-8000-${String(last).padStart(12, '0')}`;

/** Who is in the workspace: those with roles are mapped to people, too. */
const members = {
  rita: { id: uuid(1), roles: ['responder', 'approver'] },
  ann: { id: uuid(2), roles: ['approver'] },
  ben: { id: uuid(3), roles: ['approver'] },
  vic: { id: uuid(4), roles: ['viewer'] },
  nils: { id: uuid(5), roles: [] },
  gus: { id: uuid(6), roles: ['approver'] },
  robot: { id: uuid(7), roles: ['approver'] },
} as const;

export const directory = createDirectory(
  Object.entries(members).flatMap(([id, { id: linear, roles }]) =>
    roles.length === 0 ? [] : [{ id, name: id, roles: [...roles], linear }],
  ),
);

export interface Proposed {
  readonly incidentId: string;
  readonly plan: Plan;
  /** `SRE-1`. */
  readonly issue: string;
}

/** For tests: a local Linear, its webhooks, the inbox, the vote path and the mirror, on a database of their own. */
export interface LabelBench {
  readonly db: TestDatabase;
  readonly store: Store;
  readonly linear: LocalLinear;
  readonly labels: LinearLabels;
  /** An open incident with its issue, by the requester rita. */
  open(): Promise<{ incidentId: string; issue: string }>;
  /** A plan in that incident; waits until the issue shows it. */
  propose(change?: Partial<Plan>, on?: { incidentId: string; issue: string }): Promise<Proposed>;
  /** As `propose`, and the issue does not show it yet. */
  save(incidentId: string, change?: Partial<Plan>): Promise<Plan>;
  mirror(): void;
  unmirror(): Promise<void>;
  /** Somebody sets or takes off a label on Linear's page. */
  label(user: string, issue: string, what: { add: string } | { remove: string }): Promise<void>;
  on(issue: string): Promise<readonly string[]>;
  comments(issue: string): Promise<readonly string[]>;
  /** Nothing waits, neither to be handled nor to be mirrored. */
  settled(): Promise<void>;
  audited(planId: string, kind: string): Promise<readonly Record<string, unknown>[]>;
  stateOf(planId: string): Promise<string>;
  close(): Promise<void>;
}

interface SeenIssue {
  readonly identifier: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly comments: readonly { readonly body: string }[];
}

export async function createLabelBench(): Promise<LabelBench> {
  const db = await createTestDatabase();
  const store = db.store({ sinks: ['linear'], patience: 0 });
  const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-labels-'));
  const users = Object.entries(members).map(([handle, { id }]) => ({
    id,
    handle,
    name: handle,
    email: `${handle}@shop.example`,
    app: handle === 'robot',
    guest: handle === 'gus',
  }));
  const dataFile = join(dir, 'linear.db');
  const linear = await startLinear({ host: '127.0.0.1', port: 0, dataFile, users, retryAfterMs: [50, 200, 500], log: silent });
  const client = createLinearClient(linear);
  await client.labelIds(assistantLabels);
  const votes = createVotes({ pool: db.pool, store, policy: await loadCommittedPolicy(), directory });
  const issues = createLinearIssues(linear);
  const labels = createLinearLabels({ store, votes, directory, issues, linear: client, redact: testRedactor, log: silent });
  const intake = startIntake({
    store,
    handle: async (event) => (event.kind === 'linear.labels' ? labels.settle(event.issueId) : undefined),
    onQueued: async () => {},
    inTrace: (_traceparent, _name, run) => run(),
    log: silent,
  });
  const api = Fastify();
  api.setErrorHandler(createErrorHandler(silent));
  await registerWebhooks(api, { linear: { secret: linear.webhookSecret }, intake, now: () => new Date(), log: silent });
  linear.webhooks.to(`${await api.listen({ host: '127.0.0.1', port: 0 })}/webhooks/linear`);
  const origin = new URL(linear.apiUrl).origin;
  let mirroring: { stop: AbortController; ended: Promise<void> } | null = null;

  const seen = async () => (await (await fetch(`${origin}/ui/issues`)).json()) as SeenIssue[];
  const issueNamed = async (name: string) => (await seen()).find(({ identifier }) => identifier === name);
  const bench: LabelBench = {
    db,
    store,
    linear,
    labels,
    async open() {
      const title = `incident ${crypto.randomUUID()}`;
      const { incident } = await store.incidents.open(newIncident({ requester: 'rita', title }), alice);
      await bench.settled();
      const issue = (await seen()).find((one) => one.title === title)?.identifier ?? '';
      return { incidentId: incident.id, issue };
    },
    async save(incidentId, change = {}) {
      const plan = planOf(incidentId, await store.observations.put(observationOf(incidentId)), change);
      await store.plans.save(plan, contentHash(plan), decisionOf(plan));
      return plan;
    },
    async propose(change, on) {
      const { incidentId, issue } = on ?? (await bench.open());
      const plan = await bench.save(incidentId, change);
      await bench.settled();
      return { incidentId, plan, issue };
    },
    mirror() {
      const stop = new AbortController();
      const links = { slackThread: () => null, ...createLinks(null) };
      const mirrors = createMirrors({
        store,
        postmortem: (id) => loadPostmortem(store, id),
        linear: { port: client, agent: createLinearAgent(linear), followUps: false },
        links,
        redact: testRedactor,
        log: silent,
      });
      mirroring = { stop, ended: mirrors.run(stop.signal) };
    },
    async unmirror() {
      mirroring?.stop.abort();
      await mirroring?.ended;
      mirroring = null;
    },
    async label(user, issue, what) {
      const body = JSON.stringify({ user, ...what });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${origin}/ui/issues/${issue}/labels`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`the local Linear answered ${response.status}`);
    },
    on: async (issue) => (await issueNamed(issue))?.labels ?? [],
    comments: async (issue) => ((await issueNamed(issue))?.comments ?? []).map(({ body }) => body),
    async settled() {
      const waiting = async () => {
        const outbox = mirroring === null ? [] : (await store.outbox.depth()).filter(({ pending }) => pending > 0);
        return linear.webhooks.pending() + outbox.length + ((await store.inbox.nextAt()) === null ? 0 : 1);
      };
      // Twice, because what is mirrored comes back as a webhook.
      const deadline = Date.now() + 20_000;
      while ((await waiting()) + (await waiting()) > 0) {
        if (Date.now() > deadline) throw new Error('something is not settled');
        await sleep(20);
      }
    },
    audited: async (planId, kind) =>
      (await store.audit.list({ planId, kind }, 0, 100)).map(({ body, data }) => ({ ...data, actor: body.actor })),
    stateOf: async (planId) => (await store.plans.get(planId)).state,
    async close() {
      await bench.unmirror();
      await linear.close();
      await api.close();
      await intake.stop();
      await db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  bench.mirror();
  return bench;
}
