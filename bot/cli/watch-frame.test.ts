import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import { planAnswer } from '../api/shapes.ts';
import { planOf } from '../store/fixtures.ts';
import { folded } from './fold.ts';
import { painted, plain } from './style.ts';
import { type Frame, picture } from './watch-frame.ts';
import { keyed, type State } from './watch-keys.ts';

const before = sha256Hex('before');
const size = { rows: 40, columns: 80 };

/** A plan that waits, with a dry run of so many lines. */
function waiting(lines: number, tier: 'medium' | 'high' = 'medium'): Frame {
  const base = planOf('i1', before, { tier });
  const dryRun = { kind: 'shown' as const, observation: before, digest: before, diff: Array(lines).fill('+ line').join('\n') };
  const plan = { ...base, steps: base.steps.map((step) => ({ ...step, dryRun })) };
  const vote = {
    person: 'ben',
    verdict: 'approve' as const,
    channel: 'slack' as const,
    requestHash: before,
    reason: null,
    createdAt: plan.createdAt,
  };
  const answer = planAnswer({ plan, requestHash: before, state: 'pending', votes: [vote], steps: [], breakGlass: null } as never);
  const incident = { title: 't', state: 'open', outcome: null, service: null, createdAt: '2026-01-01T00:00:00Z', summary: null };
  return {
    incident: incident as never,
    plan: answer,
    happened: [],
    message: null,
    typed: '',
    from: 0,
    read: 0,
    now: new Date('2026-01-01T00:00:00Z'),
  };
}

const shown = (frame: Frame, of = size) => picture(frame, of).lines.map(plain).join('\n');

/** As the screen does: what is drawn is read. */
function press(frame: Frame, keys: readonly string[], of = size) {
  let state: State = frame;
  let last: ReturnType<typeof keyed> | null = null;
  const read = () => {
    const { end, step } = picture({ ...frame, ...state }, of);
    if (end - step <= state.read) state = { ...state, read: Math.max(state.read, end) };
  };
  read();
  for (const key of keys) {
    last = keyed(state, key, [...key].length === 1 ? key : key === 'space' ? ' ' : '', picture({ ...frame, ...state }, of));
    state = last.state;
    read();
  }
  return { ...last, state, text: shown({ ...frame, ...state }, of) };
}

const typed = (words: string) => [...[...words].map((character) => (character === ' ' ? 'space' : character)), 'return'];

test('everything that is approved stands before the question: tier, target, command, dry run, verification, rollback, votes', () => {
  const { text } = press(waiting(2), []);
  const order = [
    'ben: approve',
    'medium risk',
    'Target',
    'Runs',
    '+ line',
    'Verifies',
    'Rollback',
    'Your vote on exactly this plan (request',
  ];
  expect(order.map((words) => text.indexOf(words)).every((at, index, all) => at > (all[index - 1] ?? -1))).toBe(true);
});

test('a vote is a word typed in full; a rejection says why', () => {
  expect(press(waiting(2), typed('approve')).cast).toEqual({ verdict: 'approve', reason: null });
  expect(press(waiting(2), typed('reject a hotfix is on its way')).cast).toEqual({ verdict: 'reject', reason: 'a hotfix is on its way' });
  for (const words of ['a', 'y', 'yes', 'approved', 'reject', 'approve reject'.slice(0, 4), '']) {
    const ran = press(waiting(2), typed(words));
    expect([words, ran.cast, ran.state.message !== null]).toEqual([words, null, true]);
  }
  expect(press(waiting(2, 'high'), typed('approve')).cast).toBeNull();
  expect(press(waiting(2, 'high'), typed('approve: looked at it')).cast).toEqual({ verdict: 'approve', reason: 'looked at it' });
});

test('what is typed can be taken back, and q leaves only where nothing is typed', () => {
  expect(press(waiting(2), ['a', 'b', 'backspace', ...typed('pprove')]).cast).toMatchObject({ verdict: 'approve' });
  expect(press(waiting(2), ['r', 'q']).leave).toBe(false);
  expect(press(waiting(2), ['r', 'escape', 'q']).leave).toBe(true);
});

test('a plan that is longer than the screen is read to its end before it can be answered', () => {
  const long = waiting(100);
  const first = press(long, typed('approve'));
  expect([first.cast, first.text.includes('Read on to vote')]).toEqual([null, true]);
  expect(first.text).not.toContain('Your vote');
  const read = press(long, [...Array(10).fill('space'), ...typed('approve')]);
  expect(read.cast).toMatchObject({ verdict: 'approve' });
  // Back at the beginning it has still been read; a taller plan has not.
  expect(press(long, [...Array(10).fill('space'), ...Array(10).fill('pageup')]).text).toContain('Your vote');
  expect(shown({ ...waiting(120), read: read.state.read })).toContain('Read on to vote');
});

test.each([18, 24, 31])('every line of a plan was on the screen when its vote is asked for, at %i rows', (rows) => {
  const small = { rows, columns: 50 };
  const frame = waiting(37);
  const seen = new Set<string>();
  for (let count = 0, text = ''; !text.includes('Your vote'); count += 1) {
    text = press(frame, Array(count).fill('space'), small).text;
    for (const line of text.split('\n')) seen.add(line);
    expect(text.split('\n').length).toBeLessThan(rows);
  }
  const whole = picture({ ...frame, read: 1_000 }, { rows: 500, columns: 50 }).lines.map(plain);
  expect(whole.filter((line) => !seen.has(line))).toEqual([]);
});

test('nothing is said by colour alone, and without colours there are none', () => {
  const { lines } = picture(waiting(2), size);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
  expect(lines.map((line) => painted(line, false)).join('\n')).not.toMatch(/\u001b/);
  expect(lines.map((line) => painted(line, true)).join('\n')).toContain('\u001b[');
});

test('folding loses nothing but spaces at the breaks', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'grapheme' }), fc.integer({ min: 20, max: 80 }), (text, columns) => {
      const lines = folded(text, columns).map(plain);
      expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
    }),
    { numRuns: 200 },
  );
});
