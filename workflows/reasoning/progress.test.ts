import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellThinking, thinkingWords, withDetail } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a model that is asked is told of every few seconds, in figures: never by what it says', () => {
  const told: string[] = [];
  const telling = tellThinking({ round: 1, rounds: 4 }, (words) => void told.push(words));
  for (let second = 0; second < 10; second += 1) {
    telling.heard('https://evil.example ');
    vi.advanceTimersByTime(1_000);
  }
  telling.stop();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([3, 6, 9].map((seconds) => thinkingWords({ round: 1, rounds: 4, seconds, characters: 21 * seconds })));
  expect(told[0]).toBe('Asked 2 of at most 5 times: 3 s, about 16 tokens of its answer');
  expect(thinkingWords({ round: 0, rounds: 4, seconds: 3, characters: 0 })).toBe('Asked 1 of at most 5 times: 3 s, no answer yet');
});

test('only its own task is told of', () => {
  const tasks = [
    { title: 'Pods', state: 'done' as const },
    { title: 'What the language model adds', state: 'running' as const },
  ];
  expect(withDetail({ round: 0, headline: 'Investigating', tasks }, 1, '3 s').tasks).toEqual([tasks[0], { ...tasks[1], detail: '3 s' }]);
});
