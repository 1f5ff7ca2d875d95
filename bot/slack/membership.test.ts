import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Person } from '../config-file.ts';
import { PeerUnavailable } from '../mirrors/errors.ts';
import type { LinearUsers } from '../mirrors/linear/users.ts';
import { createDirectory } from '../people.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { people as slackPeople, startForTest } from '../sandbox/slack/testing.ts';
import { createAccounts } from './accounts.ts';
import { createIdentity } from './identity.ts';
import { createMembership } from './membership.ts';
import { testClient } from './testing.ts';

let slack: LocalSlack;
beforeEach(async () => {
  slack = await startForTest({
    people: [...slackPeople, { id: 'U0BOT', handle: 'bot', name: 'Bot', email: '', bot: true }],
  });
});
afterEach(() => slack.close());

const person = (id: string, user?: string, team = slack.team.id): Person => ({
  id,
  name: id,
  roles: ['approver'],
  ...(user === undefined ? {} : { slack: { team, user } }),
});

function membership(on = slack, off = false, linear: LinearUsers | null = null) {
  const client = testClient(on, 500);
  const identity = createIdentity(client);
  const listed = [
    person('alice', 'U0ALICE'),
    person('gil', 'U0GUEST'),
    person('gone', 'U0GONE'),
    person('robot', 'U0BOT'),
    person('ghost', 'U0NOBODY'),
    person('frida', 'U0FRIDA', 'T0PARTNER'),
    person('pat'),
    person('lena'),
    ...['lin', 'guest'].map((id): Person => ({ id, name: id, roles: ['approver'], linear: `linear-${id}` })),
  ];
  const linked = {
    personOf: async () => null,
    given: async () => ({ roles: [], groups: [] }),
    slackUserOf: async (id: string) => (id === 'lena' ? 'U0BOB' : null),
  };
  const accounts = createAccounts({ client, identity, believedMs: 0 });
  return createMembership({ directory: createDirectory(listed, { linked }), slack: off ? null : { accounts, identity }, linear });
}

test('full members of the workspace are, by the file or by their login', async () => {
  expect(await membership().check('alice', 'slack')).toBe('member');
  expect(await membership().check('lena', 'slack')).toBe('member');
});

test.each([
  ['gil', 'is a guest now'],
  ['gone', 'is deactivated'],
  ['robot', 'is a bot'],
  ['ghost', 'is not known to Slack'],
  ['frida', 'belongs to another workspace'],
  ['pat', 'is not linked to them any more'],
  ['stranger', 'is not listed under people any more'],
])('%s is not one any more: %s', async (id, words) => {
  expect(await membership().check(id, 'slack')).toEqual({ refused: expect.stringContaining(words) });
});

test('whoever voted elsewhere needs no Slack account; one that they have must be in order', async () => {
  expect(await membership().check('pat', 'oidc')).toBe('member');
  expect(await membership().check('gone', 'oidc')).toEqual({ refused: expect.stringContaining('deactivated') });
});

test('Slack is asked each time', async () => {
  const asked = () => slack.ledger().filter(({ method }) => method === 'users.info').length;
  const one = membership();
  await one.check('alice', 'slack');
  await one.check('alice', 'slack');
  expect(asked()).toBe(2);
});

test('a Slack that is away says nothing about anybody', async () => {
  const away = membership();
  await away.check('alice', 'slack');
  await slack.close();
  expect(await away.check('alice', 'slack')).toBe('unavailable');
  slack = await startForTest();
});

test('with Slack off, what was voted there does not count', async () => {
  expect(await membership(slack, true).check('alice', 'slack')).toEqual({ refused: expect.stringContaining('off now') });
  expect(await membership(slack, true).check('alice', 'oidc')).toBe('member');
});

test.each([false, true])('whoever voted in Linear must be a member there, also where Slack is off: %s', async (off) => {
  const linear: LinearUsers = { check: async (id) => (id === 'linear-lin' ? 'member' : 'a guest') };
  const asked = membership(slack, off, linear);
  expect(await asked.check('lin', 'linear')).toBe('member');
  expect(await asked.check('guest', 'linear')).toEqual({ refused: 'the Linear account of guest is a guest' });
  expect(await asked.check('guest', 'oidc')).toBe('member');
  expect(await asked.check('pat', 'linear')).toEqual({ refused: expect.stringContaining('is not listed any more') });
  const away = membership(slack, off, { check: () => Promise.reject(new PeerUnavailable('Linear did not answer')) });
  expect(await away.check('lin', 'linear')).toBe('unavailable');
  expect(await membership(slack, off).check('lin', 'linear')).toBe('unavailable');
});
