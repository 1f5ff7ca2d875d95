import { expect, test } from 'vitest';
import { quoteArgv } from './shell.ts';

test('words that a shell would split or expand are quoted', () => {
  expect(quoteArgv(['kubectl', '-n', 'shop', 'a b', "it's", '$(id)', ''])).toBe("kubectl -n shop 'a b' 'it'\\''s' '$(id)' ''");
});
