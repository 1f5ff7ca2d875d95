import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLinks } from '../../blocks/links.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { loadPostmortem } from '../postmortem/load.ts';
import { type LocalLinear, startLinear } from '../sandbox/linear/server.ts';
import { type LocalPagerDuty, startPagerDuty } from '../sandbox/pagerduty/server.ts';
import { alice, newIncident } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase, testRedactor } from '../store/testing.ts';
import { createMirrors, type PagerDutyMirror } from './index.ts';
import { createLinearAgent } from './linear/agent/client.ts';
import { createLinearClient } from './linear/client.ts';
import type { RetryTimes } from './pace.ts';
import { createPagerDutyClient } from './pagerduty/client.ts';
import type { MirrorLinks } from './ports.ts';
import { recordedFor } from './said.ts';

/** For tests: both stand-ins, a database of one's own, and mirrors between them. */
export interface Bench {
  readonly db: TestDatabase;
  readonly store: Store;
  readonly linear: LocalLinear;
  readonly pagerduty: LocalPagerDuty;
  open(change?: Parameters<typeof newIncident>[0]): Promise<Incident>;
  /** Starts mirrors; call the answer to stop them. */
  mirror(change?: Partial<PagerDutyMirror>, retry?: RetryTimes, followUps?: boolean): () => Promise<void>;
  /** Until the outbox is empty. */
  drained(): Promise<void>;
  /** What the audit log has of an incident for that peer, as headlines. */
  recorded(incidentId: string, peer: 'linear' | 'pagerduty'): Promise<readonly string[]>;
  /** A call of PagerDuty's REST API, as its own account. */
  rest(method: string, path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

/** As in production, and sooner. */
const sooner: RetryTimes = { first: 100, longest: 2_000 };

const users = [
  { id: 'PALICE1', name: 'Alice', email: 'alice@shop.example' },
  { id: 'PBOB001', name: 'Bob', email: 'bob@shop.example' },
];
const pagerDutyPeople = [
  { id: 'alice', email: 'alice@shop.example', pagerduty: 'PALICE1' },
  { id: 'bob', email: 'bob@shop.example', pagerduty: 'PBOB001' },
  { id: 'erin', email: 'erin@elsewhere.example', pagerduty: 'PERIN01' },
  { id: 'carol', email: null, pagerduty: null },
];

const links: MirrorLinks = {
  ...createLinks('https://watchkeeper.example'),
  slackThread: ({ channel, threadTs }) => `https://slack.example/archives/${channel}/p${threadTs}`,
};

export async function createBench(): Promise<Bench> {
  const db = await createTestDatabase();
  const store = db.store();
  const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-mirrors-'));
  const linear = await startLinear({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'linear.db'), log: silent });
  const pagerduty = await startPagerDuty({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'pagerduty.db'), users, log: silent });
  const stops = new Set<() => Promise<void>>();
  const ports = (change: Partial<PagerDutyMirror>, followUps: boolean) => ({
    linear: {
      port: createLinearClient({ ...linear, timeoutMs: 1_000 }),
      agent: createLinearAgent({ ...linear, timeoutMs: 1_000 }),
      followUps,
    },
    pagerduty: {
      port: createPagerDutyClient({ ...pagerduty, timeoutMs: 1_000 }),
      resolving: 'own' as const,
      people: pagerDutyPeople,
      serviceId: () => null,
      changeAppearsMs: 1_000,
      ...change,
    },
  });
  return {
    db,
    store,
    linear,
    pagerduty,
    open: async (change = {}) => (await store.incidents.open(newIncident(change), alice)).incident,
    mirror: (change = {}, retry = sooner, followUps = false) => {
      const stopping = new AbortController();
      const ended = createMirrors({
        store,
        postmortem: (id) => loadPostmortem(store, id),
        ...ports(change, followUps),
        links,
        redact: testRedactor,
        log: silent,
        retry,
      }).run(stopping.signal);
      const stop = async () => {
        stopping.abort();
        await ended;
      };
      stops.add(stop);
      return stop;
    },
    drained: async () => {
      const deadline = Date.now() + 15_000;
      while ((await store.outbox.depth()).some((sink) => sink.pending > 0)) {
        if (Date.now() > deadline) throw new Error('the outbox did not drain');
        await sleep(25);
      }
    },
    recorded: async (incidentId, peer) => recordedFor(peer, await store.audit.list({ incidentId }, 0, 500)),
    rest: async (method, path, body) => {
      const headers = { authorization: `Token token=${pagerduty.token}`, from: pagerduty.fromEmail, 'content-type': 'application/json' };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return (await fetch(`${pagerduty.apiUrl}${path}`, init)).json();
    },
    close: async () => {
      await Promise.all([...stops].map((stop) => stop()));
      await Promise.all([linear.close(), pagerduty.close()]);
      await db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
