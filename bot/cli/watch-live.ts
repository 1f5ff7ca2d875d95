import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiRefused, ApiUnavailable } from '../api/client.ts';
import { Voted, votedLines } from './plans.ts';
import type { Screen } from './screen.ts';
import { plain } from './style.ts';
import { type Frame, fits, frameLines } from './watch-frame.ts';
import { createLooks } from './watch-state.ts';

const everyMs = 1_000;

type State = Omit<Frame, 'now'>;

/** What a key does to what is asked; `cast`: the vote goes out. */
export function keyed(
  state: State,
  key: string,
  /** Whether the whole plan is on the screen. */
  seen: boolean,
): { readonly state: State; readonly cast: 'approve' | 'reject' | null; readonly leave: boolean } {
  const { plan, asking } = state;
  const same = { state, cast: null, leave: key === 'q' || key === 'c-c' };
  if (plan === null || plan.state !== 'pending' || !seen) return same;
  if (asking !== null && key === 'y') return { state: { ...state, asking: null }, cast: asking, leave: false };
  if (asking !== null && key === 'n') return { ...same, state: { ...state, asking: null, message: null } };
  if (asking === null && (key === 'a' || key === 'r'))
    return { ...same, state: { ...state, asking: key === 'a' ? 'approve' : 'reject', message: null } };
  return same;
}

async function vote(client: ApiClient, { plan }: State, verdict: 'approve' | 'reject'): Promise<string> {
  if (plan === null) return '';
  try {
    // What is voted on is what was shown: its hash is that of the plan on the screen.
    const voted = await client.request('POST', `/v1/plans/${encodeURIComponent(plan.id)}/votes`, Voted, {
      verdict,
      requestHash: plan.requestHash,
    });
    return votedLines(voted).map(plain).join(' ');
  } catch (error) {
    if (error instanceof ApiRefused || error instanceof ApiUnavailable) return error.message;
    throw error;
  }
}

/** Shows an incident until it is closed, or somebody leaves; takes their vote. Throws what the client throws at the first look. */
export async function watchLive(client: ApiClient, incidentId: string, screen: Screen): Promise<void> {
  const look = createLooks(client, incidentId);
  let state: State = { ...(await look()), message: null, asking: null };
  let left = false;
  let voting: Promise<void> = Promise.resolve();
  let turn = Promise.withResolvers<void>();
  const draw = () => screen.draw(frameLines({ ...state, now: new Date() }, screen));
  const stop = screen.onKey((key) => {
    const next = keyed(state, key, fits({ ...state, now: new Date() }, screen));
    state = next.state;
    left ||= next.leave;
    if (next.cast !== null)
      voting = vote(client, state, next.cast).then((message) => {
        state = { ...state, message };
        turn.resolve();
      });
    draw();
    if (left) turn.resolve();
  });
  try {
    for (;;) {
      draw();
      if (left || state.incident.state === 'closed') break;
      turn = Promise.withResolvers();
      await Promise.race([turn.promise, sleep(everyMs)]);
      if (left) break;
      try {
        const next = await look();
        const another = next.plan?.id !== state.plan?.id;
        // A confirmation is for the plan that it was asked about.
        state = { ...state, ...next, happened: [...state.happened, ...next.happened], asking: another ? null : state.asking };
      } catch (error) {
        if (!(error instanceof ApiUnavailable)) throw error;
        state = { ...state, message: `${error.message}; trying again` };
      }
    }
    await voting;
  } finally {
    stop();
  }
}
