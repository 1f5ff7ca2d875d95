import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  await db.force('ANALYZE audit_entries; ANALYZE audit_sequence');
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
