import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { json, sql } from './sql.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('any JSON value can be stored as jsonb, and comes back as it was but for NUL and lone surrogates', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const value = fc.array(
    fc.oneof(text, fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }), fc.integer(), fc.constant(null)),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(value, async (sent) => {
      const cleaned = JSON.parse(json(sent));
      expect(await db.pool.oneFirst(sql.type(z.object({ value: z.unknown() }))`SELECT ${json(sent)}::jsonb AS value`)).toEqual(cleaned);
      if (!/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(sent))) expect(cleaned).toEqual(sent);
    }),
    { numRuns: 50 },
  );
});

test('a row that is not of its type is an error, not data', async () => {
  await expect(db.pool.one(sql.type(z.object({ n: z.number() }))`SELECT 'text' AS n`)).rejects.toMatchObject({
    code: 'store_fault',
    message: expect.stringMatching(/^SchemaValidationError/),
  });
});
