import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiRefused, ApiUnavailable } from '../api/client.ts';
import { Voted, votedLines } from './plans.ts';
import type { Screen } from './screen.ts';
import { plain } from './style.ts';
import { picture } from './watch-frame.ts';
import { type Ballot, keyed, type State } from './watch-keys.ts';
import { createLooks } from './watch-state.ts';
import { write } from './write.ts';

const everyMs = 1_000;

async function vote(client: ApiClient, { plan }: State, { verdict, reason }: Ballot): Promise<string> {
  if (plan === null) return '';
  try {
    // What is voted on is what was shown: its hash is that of the plan on the screen.
    const voted = await write(
      client,
      `/v1/plans/${encodeURIComponent(plan.id)}/votes`,
      Voted,
      {
        verdict,
        requestHash: plan.requestHash,
        ...(reason === null ? {} : { reason }),
      },
      {},
    );
    return votedLines(voted).map(plain).join(' ');
  } catch (error) {
    if (error instanceof ApiRefused || error instanceof ApiUnavailable) return error.message;
    throw error;
  }
}

/** Shows an incident until it is closed, or somebody leaves; takes their vote. Throws what the client throws at the first look. */
export async function watchLive(client: ApiClient, incidentId: string, screen: Screen): Promise<void> {
  const look = createLooks(client, incidentId);
  let state: State = { ...(await look()), message: null, typed: '', from: 0, read: 0 };
  let left = false;
  let voting: Promise<void> = Promise.resolve();
  let turn = Promise.withResolvers<void>();
  const seen = () => picture({ ...state, now: new Date() }, screen);
  const draw = () => {
    // What is on the screen counts as read, where what is before it was there as well.
    const { end, step } = seen();
    if (end - step <= state.read) state = { ...state, read: Math.max(state.read, end) };
    screen.draw(seen().lines);
  };
  const stop = screen.onKey((key, text) => {
    const before = state;
    const next = keyed(state, key, text, seen());
    state = next.state;
    left ||= next.leave;
    if (next.cast !== null)
      voting = vote(client, before, next.cast).then((message) => {
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
        // What was read and typed is for the plan that it was about.
        const anew = next.plan?.requestHash === state.plan?.requestHash ? {} : { typed: '', from: 0, read: 0 };
        state = { ...state, ...next, happened: [...state.happened, ...next.happened], ...anew };
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
