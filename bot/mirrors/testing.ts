import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { type LocalLinear, startLinear } from '../sandbox/linear/server.ts';
import { type LocalPagerDuty, startPagerDuty } from '../sandbox/pagerduty/server.ts';
import type { LedgerEntry } from '../sandbox/peer/database.ts';
import { alice, newIncident } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, testRedactor } from '../store/testing.ts';
import { createMirrors } from './index.ts';
import { createLinearClient } from './linear/client.ts';
import { createPagerDutyClient } from './pagerduty/client.ts';

/** For tests: both stand-ins, a database of one's own, and mirrors between them. */
export interface Bench {
  readonly store: Store;
  readonly linear: LocalLinear;
  readonly pagerduty: LocalPagerDuty;
  open(change?: Parameters<typeof newIncident>[0]): Promise<Incident>;
  /** Starts mirrors; call the answer to stop them. */
  mirror(): () => Promise<void>;
  /** Until the outbox is empty. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** Calls of that operation that had an effect. */
export function effects(ledger: readonly LedgerEntry[], operation: string): readonly LedgerEntry[] {
  return ledger.filter((entry) => entry.operation === operation && entry.effect !== null);
}

export async function createBench(): Promise<Bench> {
  const database = await createTestDatabase();
  const store = database.store();
  const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-mirrors-'));
  const linear = await startLinear({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'linear.db'), log: silent });
  const pagerduty = await startPagerDuty({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'pagerduty.db'), log: silent });
  const stops = new Set<() => Promise<void>>();
  const ports = () => ({
    linear: createLinearClient({ ...linear, timeoutMs: 1_000 }),
    pagerduty: createPagerDutyClient({ ...pagerduty, timeoutMs: 1_000 }),
  });
  return {
    store,
    linear,
    pagerduty,
    open: async (change = {}) => (await store.incidents.open(newIncident(change), alice)).incident,
    mirror: () => {
      const stopping = new AbortController();
      const links = {
        slackThread: ({ channel, threadTs }: { channel: string; threadTs: string }) =>
          `https://slack.example/archives/${channel}/p${threadTs}`,
      };
      const ended = createMirrors({ store, ...ports(), links, redact: testRedactor, log: silent }).run(stopping.signal);
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
    close: async () => {
      await Promise.all([...stops].map((stop) => stop()));
      await Promise.all([linear.close(), pagerduty.close()]);
      await database.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
