import { expect, test } from 'vitest';
import { linearEvent } from './linear-event.ts';

const delivery = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

const created = (change: Record<string, unknown> = {}) => ({
  type: 'AgentSessionEvent',
  action: 'created',
  appUserId: 'app',
  agentSession: {
    id: 's1',
    issueId: 'i1',
    creatorId: 'u1',
    issue: { title: 'checkout fails', description: 'since 10:00' },
    comment: { body: '@watchkeeper look' },
    ...change,
  },
});

const prompted = (change: Record<string, unknown> = {}) => ({
  ...created(),
  action: 'prompted',
  agentActivity: { id: 'a1', userId: 'u1', signal: null, content: { type: 'prompt', body: 'and?' }, ...change },
});

test('a session is kept by its own id, whatever the delivery', () => {
  expect(linearEvent(created(), delivery)).toEqual({
    kind: 'linear.session',
    dedupeKey: 'session:s1',
    sessionId: 's1',
    issueId: 'i1',
    creator: 'u1',
    text: 'checkout fails\n@watchkeeper look',
  });
});

test.each([
  ['a delegation, without a comment', { comment: null }, { text: 'checkout fails\nsince 10:00' }],
  ['an automation', { creatorId: null }, { creator: null }],
  ['a session on no issue', { issueId: null, issue: null }, { issueId: null, text: '@watchkeeper look' }],
  ['a very long text', { comment: { body: 'x'.repeat(50_000) } }, { text: expect.stringMatching(/^checkout fails\nx{16177}$/) }],
])('%s', (_, change, kept) => {
  expect(linearEvent(created(change), delivery)).toMatchObject(kept);
});

test('what a person says in a session is kept by the id of the activity', () => {
  const event = { kind: 'linear.prompt', dedupeKey: 'activity:a1', sessionId: 's1', user: 'u1', stop: false };
  expect(linearEvent(prompted(), delivery)).toEqual(event);
  expect(linearEvent(prompted({ signal: 'stop' }), delivery)).toEqual({ ...event, stop: true });
});

test.each([
  ['a session that our own account began', created({ creatorId: 'app' })],
  ['an activity of our own', prompted({ userId: 'app' })],
  ['an activity that is no prompt', prompted({ content: { type: 'thought', body: 'x' } })],
  ['a prompt without its activity', { ...created(), action: 'prompted' }],
  ['an action that we do not know', { ...created(), action: 'dismissed' }],
  ['a session without an id', created({ id: '' })],
  ['something else', { type: 'Comment', action: 'create' }],
  ['nothing', null],
])('is nothing for us: %s', (_, content) => {
  expect(linearEvent(content, delivery)).toBeNull();
});
