import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toProblem } from '../../bot/api/errors.ts';
import { smallDisk } from '../../bot/audit/disk-testing.ts';
import { StoreUnavailable } from '../../bot/store/errors.ts';
import { alice, newIncident } from '../../bot/store/fixtures.ts';
import type { Store } from '../../bot/store/store.ts';
import { type KillablePostgres, startKillablePostgres } from './killable.ts';
import { startRecord } from './record.ts';

/** Rows 5 and 7 of the fault matrix (docs/specs/ai-devops-assistant/ops-testing.md): asserted from the tables and the kept checkpoints. */
let directory: string;
let postgres: KillablePostgres | null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-faults-'));
  postgres = null;
});
afterEach(async () => {
  await postgres?.close();
});

async function rows<T>(text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: postgres?.migrationUrl ?? '' });
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

/** Incidents without the entry that says they were opened, and entries without their incident. */
const halves = () =>
  rows(`
    SELECT i.id AS incident, e.id AS entry
    FROM incidents i FULL JOIN (SELECT id, incident_id FROM audit_entries WHERE kind = 'incident.opened') e ON e.incident_id = i.id
    WHERE i.id IS NULL OR e.id IS NULL
  `);

interface Load {
  /** Keys of what the store said it has. */
  readonly acknowledged: string[];
  refused: number;
  stop(): Promise<void>;
}

/** Eight writers of incidents and of events from outside, who go on whatever happens. */
function startLoad(store: Store): Load {
  let over = false;
  const load: Load = {
    acknowledged: [],
    refused: 0,
    async stop() {
      over = true;
      await Promise.all(writers);
    },
  };
  async function write(writer: number): Promise<void> {
    for (let index = 0; !over; index += 1) {
      const key = `w${writer}-${index}`;
      try {
        await store.incidents.open(newIncident({ key }), alice);
        await store.inbox.receive({ kind: 'wake', dedupeKey: key, incidentId: 'made-up', reason: 'vote' });
        load.acknowledged.push(key);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        load.refused += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
  const writers = Array.from({ length: 8 }, (_, writer) => write(writer));
  return load;
}

test('5: Postgres kill -9: no acknowledged event is lost, and the audit log is as it was signed', async () => {
  postgres = await startKillablePostgres(join(directory, 'postgres'));
  const record = await startRecord(postgres, directory);
  const load = startLoad(record.store);
  for (const enough of [100, 200]) {
    await vi.waitFor(() => expect(Math.min(load.acknowledged.length, record.kept().length * 100)).toBeGreaterThan(enough), 20_000);
    await postgres.kill();
    const refused = load.refused;
    await vi.waitFor(() => expect(load.refused).toBeGreaterThan(refused), 20_000);
    await postgres.start();
  }
  const before = load.acknowledged.length;
  await vi.waitFor(() => expect(load.acknowledged.length).toBeGreaterThan(before + 20), 20_000);
  await load.stop();
  const { length } = await rows(`SELECT FROM incidents WHERE key = ANY('{${load.acknowledged.join()}}')`);
  const events = await rows(`SELECT FROM inbox WHERE dedupe_key = ANY('{${load.acknowledged.join()}}')`);
  expect([length, events.length]).toEqual([load.acknowledged.length, load.acknowledged.length]);
  expect(await halves()).toEqual([]);
  await vi.waitFor(async () => {
    const [{ count } = { count: 0 }] = await rows<{ count: number }>('SELECT count(*)::int AS count FROM audit_entries');
    expect(record.kept().at(-1)?.size).toBe(count);
  }, 20_000);
  expect(await record.problems()).toEqual([]);
  await record.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('7: Postgres disk full', () => {
  test('what cannot be written is refused whole, in words; what was written stays, and it goes on when there is room', async ({ skip }) => {
    const disk = smallDisk(directory, '192m');
    if (disk === null) return skip('needs a file system of its own: mounting one takes root');
    try {
      postgres = await startKillablePostgres(join(disk.path, 'postgres'));
      const record = await startRecord(postgres, directory);
      const opened: string[] = [];
      const open = async (key: string) => {
        await record.store.incidents.open(newIncident({ key, text: 'x'.repeat(4_000) }), alice);
        opened.push(key);
      };
      for (let index = 0; index < 20; index += 1) await open(`before-${index}`);
      disk.fill();
      const refusal = await (async () => {
        for (let index = 0; index < 2_000; index += 1) await open(`full-${index}`);
      })().catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'store_unavailable', reason: 'disk_full' });
      expect(toProblem(refusal)).toMatchObject({ status: 503, message: 'Nothing was stored: the database is not available: disk full.' });
      // Reads go on, and nothing is there by half.
      expect((await rows('SELECT FROM incidents')).length).toBe(opened.length);
      expect(await halves()).toEqual([]);
      disk.free();
      await vi.waitFor(() => open('after'), { timeout: 30_000, interval: 200 });
      await vi.waitFor(() => expect(record.kept().at(-1)?.size).toBe(opened.length), { timeout: 30_000 });
      expect(await halves()).toEqual([]);
      expect(await record.problems()).toEqual([]);
      await record.stop();
      await postgres.close();
      postgres = null;
    } finally {
      await postgres?.close();
      postgres = null;
      disk.remove();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
