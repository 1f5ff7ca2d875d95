import { expect, test } from 'vitest';
import type { Vote } from '../contracts/plan.ts';
import type { StoredPlan } from '../ports.ts';
import { mirroredVotes } from './mirrored-votes.ts';

const names: Readonly<Record<string, string>> = { bob: 'Bob Lindqvist', dave: 'Dave Okafor', ann: 'Ann Ito' };
const vote = (person: string, change: Partial<Vote>): Vote =>
  ({ id: `v-${person}`, person, channel: 'slack', place: 'thread', verdict: 'approve', reason: null, ...change }) as Vote;
const told = (...votes: Vote[]) =>
  mirroredVotes({ plan: { approval: { needed: 2 } }, votes } as unknown as StoredPlan, (id) => names[id] ?? id);

test('who voted elsewhere, how, and how far the approvals are then', () => {
  expect(told(vote('bob', { place: 'direct' }), vote('dave', { place: 'home' }))).toEqual([
    { key: 'vote:v-bob', text: 'Bob Lindqvist approved by a direct message (1 of 2)' },
    { key: 'vote:v-dave', text: 'Dave Okafor approved on the Home of the app (2 of 2)' },
  ]);
});

test('a vote on the card is counted and not repeated', () => {
  expect(told(vote('ann', {}), vote('bob', { place: 'elsewhere' }))).toEqual([
    { key: 'vote:v-bob', text: 'Bob Lindqvist approved outside of this thread (2 of 2)' },
  ]);
});

test.each([
  ['linear', 'in Linear'],
  ['api', 'through the API'],
  ['cli', 'by the command line'],
  ['web', 'on the web page'],
] as const)('a vote through %s is always told, wherever it says it was', (channel, words) => {
  expect(told(vote('bob', { channel, place: 'thread' }))).toMatchObject([{ text: `Bob Lindqvist approved ${words} (1 of 2)` }]);
});

test('a reason is told with it', () => {
  expect(told(vote('bob', { verdict: 'reject', place: 'direct', reason: 'wrong revision' }))).toMatchObject([
    { text: 'Bob Lindqvist rejected by a direct message: wrong revision' },
  ]);
});
