import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { PeerRefused, PeerUnavailable } from './errors.ts';
import { createPace, retryDelay, retryTimes } from './pace.ts';

test('a delay grows, is never longer than a minute, and at least half of it is certain', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (attempts, random) => {
      const delay = retryDelay(attempts, () => random, retryTimes);
      const full = Math.min(60_000, 500 * 2 ** (attempts - 1));
      expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(delay).toBeLessThanOrEqual(full);
    }),
  );
});

test('what the peer asks for holds for all its rows', async () => {
  let now = 1_000;
  const pace = createPace(() => now, retryTimes);
  await expect(pace.run(() => Promise.reject(new PeerUnavailable('limited', 2_000)))).rejects.toThrow('limited');
  expect(pace.pause()).toBe(2_000);
  now += 2_000;
  expect(pace.pause()).toBe(0);
});

test('after five failures in a row the peer is not called; refusals do not count', async () => {
  const pace = createPace(() => 0, retryTimes);
  let calls = 0;
  const call = (error: Error) =>
    pace
      .run(() => {
        calls += 1;
        return Promise.reject(error);
      })
      .catch(() => undefined);
  for (let i = 0; i < 8; i += 1) await call(new PeerRefused('no'));
  expect(pace.pause()).toBe(0);
  for (let i = 0; i < 8; i += 1) await call(new PeerUnavailable('away'));
  expect(calls).toBe(13);
  expect(pace.pause()).toBeGreaterThan(0);
});

test('a peer that was left alone is called again, waits longer when that fails, and is served when it does not', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const pace = createPace(Date.now, retryTimes);
    const fail = () => pace.run(() => Promise.reject(new PeerUnavailable('away'))).catch(() => undefined);
    for (let i = 0; i < 5; i += 1) await fail();
    for (let i = 0; i < 20; i += 1) {
      const pause = pace.pause();
      expect(pause).toBeGreaterThan(0);
      expect(pause).toBeLessThanOrEqual(30_000);
      vi.setSystemTime(Date.now() + pause);
      expect(pace.pause()).toBe(0);
      await fail();
    }
    vi.setSystemTime(Date.now() + pace.pause());
    expect(await pace.run(() => Promise.resolve('served'))).toBe('served');
    expect(pace.pause()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
