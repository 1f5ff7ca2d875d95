import { expect, test } from 'vitest';
import { createAllowance } from './allowance.ts';

test('a burst is allowed, then as many a minute as said, and none during a pause', () => {
  let time = 0;
  const allowance = createAllowance(3, 60, () => time);
  const taken = (times: number) => Array.from({ length: times }, () => allowance.take()).filter((allowed) => allowed).length;
  expect(taken(10)).toBe(3);
  time += 2_000;
  expect(taken(10)).toBe(2);
  time += 3_600_000;
  expect(taken(10)).toBe(3);
  time += 3_600_000;
  allowance.pause(30_000);
  expect(taken(10)).toBe(0);
  time += 30_000;
  expect(taken(10)).toBe(3);
});
