import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLatestWins } from './latest-wins.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function recorder() {
  const sent: number[] = [];
  const errors: unknown[] = [];
  const send = async (value: number) => {
    if (value < 0) throw new Error('refused');
    sent.push(value);
  };
  return { sent, errors, throttle: createLatestWins<number>(send, 1000, (error) => errors.push(error)) };
}

test('the first is sent at once, of the rest only the latest when the interval ends', async () => {
  const { sent, throttle } = recorder();
  for (const value of [1, 2, 3]) await throttle.offer('k', value, false);
  expect(sent).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([1, 3]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([1, 3]);
});

test('the final state is sent at once and nothing older follows it', async () => {
  const { sent, throttle } = recorder();
  for (const value of [1, 2]) await throttle.offer('k', value, false);
  await throttle.offer('k', 9, true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual([1, 9]);
});

test('keys do not wait for each other', async () => {
  const { sent, throttle } = recorder();
  await throttle.offer('a', 1, false);
  await throttle.offer('b', 2, false);
  expect(sent).toEqual([1, 2]);
});

test('a late failure is reported, an early one thrown', async () => {
  const { errors, throttle } = recorder();
  await throttle.offer('k', 1, false);
  await throttle.offer('k', -1, false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(errors).toHaveLength(1);
  await expect(throttle.offer('other', -1, false)).rejects.toThrow('refused');
});
