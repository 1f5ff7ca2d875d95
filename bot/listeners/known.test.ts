import { afterEach, beforeEach, expect, test } from 'vitest';
import { planCard } from '../../blocks/plan-card.ts';
import { progressPlan } from '../../blocks/progress-plan.ts';
import type { MessageView } from '../../blocks/slack.ts';
import { links, shown } from '../../blocks/testing.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { hand, people, startForTest } from '../sandbox/slack/testing.ts';
import { testClient } from '../slack/testing.ts';
import { channel, opened, submit, told, type World, worldOf } from './testing.ts';

let slack: LocalSlack;
let world: World;

/** Nora is a full member of the workspace whom no configuration knows. */
beforeEach(async () => {
  slack = await startForTest({ people: [...people, { id: 'U0NORA', handle: 'nora', name: 'Nora New', email: 'nora@shop.example' }] });
  world = worldOf(slack);
  await world.app.start();
});
afterEach(async () => {
  await world.app.stop();
  await slack.close();
});

async function post(view: MessageView): Promise<string> {
  return (await testClient(slack).chat.postMessage({ channel, text: view.text, blocks: [...view.blocks] })).ts ?? '';
}

const card = () => post(planCard(shown, links, (id) => id));
const progress = () => post(progressPlan({ incidentId: 'inc-1', headline: 'Looking', tasks: [], open: true }));
const link = 'https://wk.example/link/U0NORA';

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  'a mention': () => hand(slack, 'messages', { user: 'nora', channel, text: '@watchkeeper checkout is slow' }),
  '/watchkeeper ask': () => hand(slack, 'commands', { user: 'nora', channel, command: '/watchkeeper', text: 'ask checkout is slow' }),
  'the message shortcut': async () => {
    const { body } = await hand(slack, 'messages', { user: 'bob', channel, text: 'checkout burns' });
    return hand(slack, 'shortcuts', { user: 'nora', callback_id: 'investigate_message', channel, ts: body['ts'] });
  },
  'a click on Cancel': async () => hand(slack, 'actions', { user: 'nora', channel, ts: await progress(), action_id: 'incident.cancel' }),
  'a vote': async () => {
    world.state.outcome = { kind: 'refused', code: 'unknown_person', message: 'I do not know who you are.' };
    return hand(slack, 'actions', { user: 'nora', channel, ts: await card(), action_id: 'plan.approve' });
  },
};

test.each(Object.entries(ways))(
  '%s of somebody who is not known is answered with a link of their own, and does nothing',
  async (_, act) => {
    const answer = await told(slack, 'nora', channel, act);
    expect(JSON.stringify(answer)).toContain(`<${link}|Sign in once>`);
    expect(answer['is_ephemeral']).toBe(true);
    expect(world.received.all).toEqual([]);
    expect(world.cancelled.all).toEqual([]);
  },
);

test('a vote with a reason closes the modal, and the link comes in the thread', async () => {
  world.state.outcome = { kind: 'refused', code: 'unknown_person', message: 'I do not know who you are.' };
  const ts = await card();
  const view = await opened(slack, 'nora', () => hand(slack, 'actions', { user: 'nora', channel, ts, action_id: 'plan.reject' }));
  const answer = await told(slack, 'nora', channel, () => submit(slack, 'nora', view, { reason: { value: 'no' } }));
  expect(answer['text']).toContain(link);
});

test('where nobody can sign in, the answer says what an administrator has to write', async () => {
  world.state.signIn = false;
  const answer = await told(slack, 'nora', channel, ways['a mention'] as () => Promise<unknown>);
  expect(answer['text']).toContain(`slack: { team: ${slack.team.id}, user: U0NORA }`);
  expect(world.refused.all).toMatchObject([{ what: 'mention', code: 'unmapped' }]);
});

test('guests and people of another workspace get no link', async () => {
  const answers = [
    await told(slack, 'gil', channel, () => hand(slack, 'messages', { user: 'gil', channel, text: '@watchkeeper checkout is slow' })),
    await told(slack, 'frida', 'C0PARTNER', () =>
      hand(slack, 'messages', { user: 'frida', channel: 'C0PARTNER', text: '@watchkeeper checkout is slow' }),
    ),
  ];
  for (const answer of answers) expect(JSON.stringify(answer)).not.toContain('/link/');
});
