import { PlanState, Verdict } from './contracts/plan.ts';
import { nextState, type RequestEvent } from './request-state.ts';

/** For tests: every event that there is. */
export const everyEvent: readonly RequestEvent[] = [
  ...(['automatic', 'break_glass', 'expire', 'supersede', 'cancel', 'break', 'start'] as const).map((kind) => ({ kind })),
  ...Verdict.options.flatMap((verdict) => [true, false].map((quorum) => ({ kind: 'answer', verdict, quorum }) as const)),
  ...(['done', 'rolled_back', 'failed', 'cancelled', 'stopped'] as const).map((outcome) => ({ kind: 'end', outcome }) as const),
];

/** For tests: `from to` of every move that some event makes, sorted. */
export function possibleMoves(): readonly string[] {
  const moves = PlanState.options.flatMap((state) =>
    everyEvent.flatMap((event) =>
      // Before and after the expiry.
      [1, -1].flatMap((left) => {
        const to = nextState({ state, expiresMs: left }, event, 0);
        return to === null ? [] : [`${state} ${to}`];
      }),
    ),
  );
  return [...new Set(moves)].sort();
}
