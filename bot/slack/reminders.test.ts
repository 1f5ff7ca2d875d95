import { afterEach, beforeEach, expect, test } from 'vitest';
import { incident as fixture, readable, shown } from '../../blocks/testing.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Reminder } from '../../workflows/ports.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { chatOf, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let incident: Incident;
let built: ReturnType<typeof chatOf>;

beforeEach(async () => {
  slack = await startForTest();
  const { ts = '' } = await testClient(slack).chat.postMessage({ channel, text: 'root' });
  incident = { ...fixture, slack: { team: slack.team.id, channel, threadTs: ts } };
  built = chatOf(slack);
});
afterEach(() => slack.close());

const half: Reminder = { key: 'half', minutesLeft: 15, missing: 1, lacking: [], people: ['alice', 'bob'] };
const last: Reminder = { ...half, key: 'last', minutesLeft: 5 };
const texts = async (where: string, query = '') =>
  (await messagesOf(slack, where, query)).map((message) => readable({ blocks: (message['blocks'] as unknown[]) ?? [] }));
const thread = async () => (await texts(channel, `?thread_ts=${incident.slack?.threadTs}`)).slice(1);

test('approvers are mentioned once in the thread, and get the card as a direct message', async () => {
  for (let i = 0; i < 2; i += 1) await built.chat.remind(incident, shown, half);
  expect(await thread()).toEqual([expect.stringContaining('Still waiting for 1 approval: <@U0ALICE>, <@U0BOB>. In 15 minutes')]);
  for (const direct of ['D0ALICE', 'D0BOB']) expect(await texts(direct)).toEqual([expect.stringContaining('[Approve] plan.approve')]);
});

test('who has the card already is told below it that time runs out', async () => {
  await built.chat.remind(incident, shown, half);
  for (let i = 0; i < 2; i += 1) await built.chat.remind(incident, shown, last);
  expect(await thread()).toHaveLength(2);
  const [card] = await messagesOf(slack, 'D0ALICE');
  expect(card?.['reply_count']).toBe(1);
  expect((await texts('D0ALICE', `?thread_ts=${String(card?.['ts'])}`)).at(-1)).toContain('In 5 minutes the plan expires');
});

test('one who cannot be reached holds up nobody', async () => {
  await built.chat.remind(incident, shown, { ...half, people: ['gone', 'alice'] });
  expect(await texts('D0ALICE')).toHaveLength(1);
  expect(await texts('D0GONE')).toEqual([]);
});

test('while Slack is away the caller hears so, and a repeated call sends what is missing', async () => {
  slack.faults.httpError('conversations.open', 1);
  await expect(built.chat.remind(incident, shown, half)).rejects.toMatchObject({ code: 'slack_unavailable' });
  await built.chat.remind(incident, shown, half);
  expect([(await thread()).length, (await texts('D0ALICE')).length, (await texts('D0BOB')).length]).toEqual([1, 1, 1]);
});

test('an incident without a thread still reaches people', async () => {
  await built.chat.remind({ ...incident, slack: null }, shown, half);
  expect(await texts('D0ALICE')).toHaveLength(1);
});
