import { type Frame, isAsked, type Picture } from './watch-frame.ts';

export type State = Omit<Frame, 'now'>;

/** A vote that goes out, with its reason. */
export interface Ballot {
  readonly verdict: 'approve' | 'reject';
  readonly reason: string | null;
}

export interface Keyed {
  readonly state: State;
  readonly cast: Ballot | null;
  readonly leave: boolean;
}

const longest = 2_000;

/** What was typed as a vote, or what is wrong with it. A reason is asked for as on the page and in Slack. */
function ballotOf(typed: string, tier: string): Ballot | string {
  const [, verdict, reason = null] = /^(approve|reject)(?:[\s:,]+(\S.*))?$/.exec(typed.trim()) ?? [];
  if (verdict !== 'approve' && verdict !== 'reject') return 'Type approve or reject, in full, then Enter. Nothing was sent.';
  if (reason === null && (verdict === 'reject' || tier === 'high'))
    return `Say why, too: ${verdict}, and the reason behind it. Nothing was sent.`;
  return { verdict, reason };
}

function scrolled(state: State, key: string, { end, total, step }: Picture): State | null {
  if (['down', 'pagedown', 'space'].includes(key))
    return { ...state, from: Math.min(end - step + (key === 'down' ? 1 : step), Math.max(0, total - step)) };
  if (['up', 'pageup'].includes(key)) return { ...state, from: Math.max(0, end - step - (key === 'up' ? 1 : step)) };
  return null;
}

function entered(state: State, tier: string): Keyed {
  const ballot = ballotOf(state.typed, tier);
  if (typeof ballot === 'string') return { state: { ...state, message: ballot }, cast: null, leave: false };
  return { state: { ...state, typed: '', message: null }, cast: ballot, leave: false };
}

/** What a key does. `text`: what it writes; `shown`: the picture at which it was pressed. */
export function keyed(state: State, key: string, text: string, shown: Picture): Keyed {
  const { plan, typed } = state;
  const stays = (next: State): Keyed => ({ state: next, cast: null, leave: false });
  if (key === 'c-c' || (key === 'q' && typed === '')) return { ...stays(state), leave: true };
  if (plan === null || !isAsked(state)) return stays(state);
  const isRead = state.read >= shown.total;
  const moved = typed === '' || key !== 'space' ? scrolled(state, key, shown) : null;
  if (moved !== null) return stays(moved);
  if (!isRead) return stays(state);
  if (key === 'return' || key === 'enter') return entered(state, plan.tier);
  if (key === 'escape') return stays({ ...state, typed: '', message: null });
  if (key === 'backspace') return stays({ ...state, typed: [...typed].slice(0, -1).join('') });
  return text === '' ? stays(state) : stays({ ...state, typed: `${typed}${text}`.slice(0, longest), message: null });
}
