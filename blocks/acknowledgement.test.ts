import { expect, test } from 'vitest';
import { acknowledgement } from './acknowledgement.ts';

test('the first reply says that somebody looks', () => {
  expect(acknowledgement('looking').text).toMatchInlineSnapshot(`"Looking into it…"`);
});

test('while the engine is away it says that the request is kept', () => {
  expect(acknowledgement('queued').text).toMatchInlineSnapshot(
    `"Queued: your request is stored. It is handled as soon as the engine is back."`,
  );
});
