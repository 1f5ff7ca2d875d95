import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());

test('a file is brought by one process at a time, and shared for good', async () => {
  const { slackFiles } = store;
  const claims = await Promise.all(Array.from({ length: 8 }, () => slackFiles.claim('a')));
  expect(claims.filter((claim) => claim !== null)).toMatchObject([{ file: null, shared: false }]);
  await slackFiles.uploaded('a', 'F1');
  await slackFiles.release('a');
  expect(await slackFiles.claim('a')).toMatchObject({ file: 'F1', shared: false });
  expect(await slackFiles.shared(['a', 'b'])).toEqual(new Map());
  await slackFiles.settle('a', 'https://slack.example/F1');
  await slackFiles.uploaded('a', 'F2');
  expect(await slackFiles.claim('a')).toBeNull();
  expect(await slackFiles.shared(['a', 'b'])).toEqual(
    new Map([['a', { file: 'F1', permalink: 'https://slack.example/F1', shared: true }]]),
  );
});

test('a lease that ran out is given again', async () => {
  await store.slackFiles.claim('left');
  expect(await store.slackFiles.claim('left')).toBeNull();
  await db.force("UPDATE slack_files SET lease_until = now() - interval '1 second' WHERE key = 'left'");
  expect(await store.slackFiles.claim('left')).not.toBeNull();
});

test('copies of a card are found by the beginning of their keys, which is taken as it is written', async () => {
  const keys = ['plan:a_1:card', 'plan:a_1:card:alice', 'plan:a_1:card:bob', 'plan:ab1:card:carol', 'plan:a_1:cards'];
  for (const key of keys) await store.slackPosts.put({ key, channel: 'D1', ts: '1.000001', hash: '' });
  expect((await store.slackPosts.under('plan:a_1:card:')).map(({ key }) => key)).toEqual(['plan:a_1:card:alice', 'plan:a_1:card:bob']);
  expect(await store.slackPosts.under('%')).toEqual([]);
});
