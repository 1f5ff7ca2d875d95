import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlanState } from './contracts/plan.ts';
import { isSettled, nextState, type RequestEvent } from './request-state.ts';
import { everyEvent, possibleMoves } from './request-state-testing.ts';

const expiresMs = 1_000;

const timed = fc.record({ event: fc.constantFrom(...everyEvent), pauseMs: fc.constantFrom(0, 1, 400, 1_000) });

interface Trail {
  readonly state: PlanState;
  /** States in the order in which they were entered. */
  readonly entered: readonly { readonly state: PlanState; readonly event: RequestEvent; readonly atMs: number }[];
}

function play(events: readonly { event: RequestEvent; pauseMs: number }[]): Trail {
  let nowMs = 0;
  let state: PlanState = 'pending';
  const entered: { state: PlanState; event: RequestEvent; atMs: number }[] = [];
  for (const { event, pauseMs } of events) {
    nowMs += pauseMs;
    const to = nextState({ state, expiresMs }, event, nowMs);
    if (to === null) continue;
    state = to;
    entered.push({ state, event, atMs: nowMs });
  }
  return { state, entered };
}

describe('whatever happens, in whatever order', () => {
  test('nothing is executed that was not approved in time, and started in time', () => {
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 30 }), (events) => {
        const { entered } = play(events);
        const start = entered.findIndex(({ state }) => state === 'executing');
        if (start < 0) return;
        const approval = entered[start - 1];
        expect(approval?.state).toBe('approved');
        expect(approval?.atMs).toBeLessThan(expiresMs);
        expect(entered[start]?.atMs).toBeLessThan(expiresMs);
        const { event } = approval ?? {};
        expect(event?.kind === 'answer' ? event.verdict === 'approve' && event.quorum : event?.kind).toSatisfy(
          (why) => why === true || why === 'automatic' || why === 'break_glass',
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('a settled request stays as it is', () => {
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 30 }), fc.array(timed, { maxLength: 30 }), (events, later) => {
        const { state, entered } = play(events);
        if (!isSettled(state)) return;
        expect(play([...events, ...later])).toEqual({ state, entered });
      }),
    );
  });

  test('the first final answer wins, and each state is entered once', () => {
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 30 }), (events) => {
        const states = play(events).entered.map(({ state }) => state);
        expect(new Set(states).size).toBe(states.length);
        expect(states.slice(0, -1).some(isSettled)).toBe(false);
      }),
    );
  });

  test('an event that comes twice changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 20 }), (events) => {
        const doubled = events.flatMap((one) => [one, { ...one, pauseMs: 0 }]);
        // Starting and ending are the only events of which one follows on the other.
        expect(play(doubled).state).toBe(play(events).state);
      }),
    );
  });

  test('a request of which nothing is heard can only expire', () => {
    for (const event of everyEvent) {
      const late = nextState({ state: 'pending', expiresMs }, event, expiresMs);
      expect([null, 'expired', 'superseded', 'cancelled', 'failed']).toContain(late);
    }
    expect(nextState({ state: 'approved', expiresMs }, { kind: 'start' }, expiresMs)).toBe('expired');
  });
});

test('every state can be reached, and none but the open ones is left', () => {
  const moves = possibleMoves().map((move) => move.split(' '));
  const reached = new Set(moves.map(([, to]) => to));
  expect(PlanState.options.filter((state) => state !== 'pending' && !reached.has(state))).toEqual([]);
  expect([...new Set(moves.map(([from]) => from))].sort()).toEqual(['approved', 'executing', 'pending']);
});
