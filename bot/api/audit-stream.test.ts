import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { AuditFilter } from '../store/audit-filter.ts';
import { auditBefore, listStored } from '../store/audit-list.ts';
import { inTransaction } from '../store/pool.ts';
import { sql } from '../store/sql.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { insertEntries, placeEntries } from './audit-rows-testing.ts';

const placed = 150_000;
const waiting = 1_000;

let db: TestDatabase;
let server: Worker;
let died: unknown = null;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.force(insertEntries(placed));
  await db.force(placeEntries);
  await db.force(insertEntries(waiting));
  await db.force('ANALYZE audit_entries; ANALYZE audit_sequence; ANALYZE audit_search');
  server = new Worker(new URL('./audit-stream-testing.ts', import.meta.url), {
    workerData: db.url,
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  server.on('error', (error) => {
    died = error;
  });
});
afterAll(async () => {
  await server.terminate();
  await db.close();
});

/** Rows of the log's tables that a list looked at. */
async function looked(filter: AuditFilter): Promise<number> {
  return inTransaction(db.pool, async (tx) => {
    const rows = () =>
      tx.oneFirst(sql.type(z.object({ rows: z.number() }))`
        SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS rows FROM pg_stat_xact_user_tables
        WHERE relname IN ('audit_entries', 'audit_sequence', 'audit_search')
      `);
    const before = await rows();
    await listStored(tx, filter, 0, 50);
    await auditBefore(tx, filter, null, 50);
    return (await rows()) - before;
  });
}

test.each([
  { operation: 'kubernetes.scale' },
  { verdict: 'approve' },
  { kind: 'vote.recorded' },
  { kind: 'vote.*' },
  { actor: 'zoe' },
  { from: '2050-01-01T00:00:00Z' },
  { to: '2000-01-01T00:00:00Z' },
  { operation: 'kubernetes.scale', kind: 'test.*' },
])('what few entries are is found without a look at all of them: %j', async (filter) => {
  expect(await looked(filter)).toBeLessThan(5 * waiting);
});

test('all entries stream through a process with 64 MB, however slowly they are read', async () => {
  const [address] = await once(server, 'message');
  const response = await fetch(new URL('/audit/entries', address), { headers: { accept: 'application/x-ndjson' } });
  let [lines, bytes, rest] = [0, 0, ''];
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    const text = rest + decoder.decode(chunk, { stream: true });
    const found = text.split('\n');
    rest = found.pop() ?? '';
    for (const line of found) {
      lines += 1;
      const wanted = lines <= placed ? `{"seq":${lines},"leaf":"` : '{"seq":null,"leaf":"';
      if (!line.startsWith(wanted)) throw new Error(`line ${lines} is ${line.slice(0, 40)}`);
    }
  }
  expect(died).toBeNull();
  expect(lines).toBe(placed + waiting);
  // All at once would have been more than the process may hold.
  expect(bytes).toBeGreaterThan(64 * 1024 * 1024);
}, 120_000);
