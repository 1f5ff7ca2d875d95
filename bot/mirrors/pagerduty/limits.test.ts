import { expect, test } from 'vitest';
import { PeerUnavailable } from '../errors.ts';
import { createLimits } from './limits.ts';

const headers = (values: Readonly<Record<string, string>>) => (name: string) => values[name] ?? null;

test('after the last call of a window nothing is called until the window ends', () => {
  let now = 0;
  const limits = createLimits(() => now);
  limits.note(headers({ 'ratelimit-remaining': '1', 'ratelimit-reset': '30' }));
  limits.check();
  limits.note(headers({ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }));
  now = 29_999;
  expect(() => limits.check()).toThrow(PeerUnavailable);
  now = 30_000;
  limits.check();
});

test('an answer without such headers, as some have, limits nothing', () => {
  const limits = createLimits(() => 0);
  limits.note(headers({}));
  limits.check();
});
