import type { SafetyRow } from './safety.ts';
import { approval, breakGlass, denies, nowMs, step, withBrokenGlass } from './safety-questions.ts';

const minute = 60_000;
const frozen = { freezes: [{ name: 'year end', fromMs: nowMs - 1, toMs: nowMs + 1, until: 'later' }] };

const who: readonly SafetyRow[] = [
  { name: 'nobody breaks no glass', input: breakGlass({ person: null }), holds: denies },
  { name: 'a bot breaks no glass', input: breakGlass({ bot: true }), holds: denies },
  { name: 'a guest breaks no glass', input: breakGlass({ guest: true }), holds: denies },
  { name: 'another organisation breaks no glass', input: breakGlass({ foreignTeam: true }), holds: denies },
  { name: 'a deactivated account breaks no glass', input: breakGlass({ deactivated: true }), holds: denies },
  { name: 'a service token breaks no glass', input: breakGlass({ serviceToken: true }), holds: denies },
  { name: 'a responder breaks no glass', input: breakGlass({ roles: ['viewer', 'responder'] }), holds: denies },
];

const how: readonly SafetyRow[] = [
  { name: 'no glass is broken where that is off', input: breakGlass({}, { settings: null }), holds: denies },
  { name: 'no glass is broken without a login', input: breakGlass({}, { loginMs: null }), holds: denies },
  { name: 'no glass is broken after an old login', input: breakGlass({}, { loginMs: nowMs - 5 * minute - 1 }), holds: denies },
  { name: 'no glass is broken by a login to come', input: breakGlass({}, { loginMs: nowMs + 1 }), holds: denies },
  { name: 'no glass is broken without a reason', input: breakGlass({}, { reason: '             ' }), holds: denies },
  { name: 'no glass is broken for more than an hour', input: breakGlass({}, { minutes: 61 }), holds: denies },
];

/** A broken glass stands in for approvals, and for nothing else. */
const what: readonly SafetyRow[] = [
  { name: 'a broken glass ends', input: withBrokenGlass({ untilMs: nowMs }), holds: denies },
  { name: 'a broken glass lasts an hour at most', input: withBrokenGlass({ untilMs: nowMs + 60 * minute }), holds: denies },
  {
    name: 'a broken glass of the future is none',
    input: withBrokenGlass({ atMs: nowMs + 1, untilMs: nowMs + minute }),
    holds: denies,
  },
  { name: 'a broken glass is of somebody who still may', input: withBrokenGlass({ roles: ['responder'] }), holds: denies },
  { name: 'a broken glass ends where it is off now', input: withBrokenGlass({}, { breakGlassSettings: null }), holds: denies },
  {
    name: 'a broken glass overrules no rejection',
    input: withBrokenGlass({}, { votes: [approval('bob', { verdict: 'reject' })] }),
    holds: denies,
  },
  { name: 'a broken glass is of one request', input: withBrokenGlass({}, { requestHashMatches: false }), holds: denies },
  { name: 'a broken glass does not outlast its request', input: withBrokenGlass({}, { expiresMs: nowMs }), holds: denies },
  {
    name: 'a broken glass runs no unknown operation',
    input: withBrokenGlass({}, { steps: [{ ...step, known: false }] }),
    holds: denies,
  },
  { name: 'a broken glass lifts no freeze', input: withBrokenGlass({}, frozen), holds: denies },
  { name: 'a broken glass lifts no denial', input: withBrokenGlass({}, { autonomy: { rules: [{ mode: 'deny' }] } }), holds: denies },
  { name: 'a broken glass lifts no budget', input: withBrokenGlass({}, { usage: { writesLastHour: 20 } }), holds: denies },
];

/** The emergency way past the quorum, which is past nothing else. */
export const safetyOfBreakGlass: readonly SafetyRow[] = [...who, ...how, ...what];
