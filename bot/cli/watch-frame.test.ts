import { expect, test } from 'vitest';
import type { PlanAnswer } from '../api/shapes.ts';
import { plain } from './style.ts';
import { type Frame, fits, frameLines } from './watch-frame.ts';
import { keyed } from './watch-live.ts';

/** A plan of so many steps that waits; only what the picture shows is made up. */
function waiting(steps: number): Frame {
  const step = { ...{ operation: 'kubernetes.scale', site: 'shop', state: 'pending', reason: null }, argv: ['kubectl', 'scale'] };
  const plan = {
    ...{ id: 'p1', goal: 'More room', state: 'pending', approvals: { needed: 1, votes: [] }, requestHash: 'a'.repeat(64) },
    ...{ steps: Array.from({ length: steps }, (_, index) => ({ ...step, id: `s${index}` })), expiresAt: '2026-01-01T00:30:00Z' },
  } as unknown as PlanAnswer;
  const incident = { title: 't', state: 'open', outcome: null, service: null, createdAt: '2026-01-01T00:00:00Z', summary: null };
  return { incident: incident as never, plan, happened: [], message: null, asking: null, now: new Date('2026-01-01T00:00:00Z') };
}

const size = { rows: 24, columns: 80 };
const shown = (frame: Frame) => frameLines(frame, size).map(plain).join('\n');

test('a plan that the screen shows whole can be answered', () => {
  const frame = waiting(3);
  expect(fits(frame, size)).toBe(true);
  expect(shown(frame)).toContain('a: approve');
  expect(keyed(frame, 'a', true).state.asking).toBe('approve');
});

test('a plan that is longer than the screen cannot: nobody answers to what they do not see', () => {
  const frame = waiting(30);
  expect(fits(frame, size)).toBe(false);
  expect(shown(frame)).toContain('watchkeeper plan show p1');
  expect(shown(frame)).not.toContain('a: approve');
  expect(keyed(frame, 'a', false)).toMatchObject({ cast: null, state: { asking: null } });
});
