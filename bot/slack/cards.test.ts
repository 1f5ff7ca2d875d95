import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { vote as approval, incident as fixture, hash, readable, shown } from '../../blocks/testing.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import type { Json } from '../sandbox/slack/types.ts';
import { calls, chatOf, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let incident: Incident;
let built: ReturnType<typeof chatOf>;

async function threadOn(server: LocalSlack): Promise<Incident> {
  const { ts = '' } = await testClient(server).chat.postMessage({ channel, text: 'root' });
  return { ...fixture, slack: { team: server.team.id, channel, threadTs: ts } };
}

beforeEach(async () => {
  slack = await startForTest();
  incident = await threadOn(slack);
  built = chatOf(slack);
});
afterEach(() => slack.close());

const [step] = shown.plan.steps;
if (step === undefined) throw new Error('the fixture has a step');
const diff = Array.from({ length: 60 }, (_, index) => `+ line ${index}`).join('\n');
const long: StoredPlan = {
  ...shown,
  plan: { ...shown.plan, steps: [{ ...step, dryRun: { kind: 'shown', observation: hash('c'), diff, digest: hash('d') } }] },
};

const messages = async (where = channel, server = slack, at = incident): Promise<Json[]> => {
  const thread = where === channel ? `?thread_ts=${at.slack?.threadTs}` : '';
  return (await messagesOf(server, where, thread)).slice(where === channel ? 1 : 0);
};
const textOf = (message: Json | undefined) => readable({ blocks: (message?.['blocks'] as unknown[]) ?? [] });
const place = () => ({ channel, threadTs: incident.slack?.threadTs ?? '' });

describe('a diff that does not fit on the card', () => {
  test('is posted once as a file of the thread, which the card names and links', async () => {
    for (let i = 0; i < 3; i += 1) await built.chat.card(incident, long);
    const [card, file, ...more] = await messages();
    expect(more).toEqual([]);
    const [shared] = (file?.['files'] ?? []) as Json[];
    expect(shared).toMatchObject({
      name: 'plan-plan-1-s1.diff',
      title: 'Plan plan-1, step 1: dry run of kubernetes.rollout_undo on prod-eu, digest dddddddddddd',
      lines: 60,
    });
    expect(textOf(card)).toContain('… 35 more lines not shown here. The whole diff is plan-plan-1-s1.diff in the thread.');
    expect(JSON.stringify(card)).toContain(`"url":"${String(shared?.['permalink'])}"`);
    expect(calls(slack, 'chat.update')).toHaveLength(1);
  });

  test('is posted once also when several processes show the card at once', async () => {
    await built.chat.card(incident, { ...long, state: 'approved' });
    await Promise.all([built, chatOf(slack, built)].map(({ chat }) => chat.card(incident, long)));
    expect((await messages()).filter((message) => message['files'] !== undefined)).toHaveLength(1);
  });

  test('is left to Details where Slack takes no files: the card is there all the same', async () => {
    const poor = await startForTest({ unsupported: { scopes: ['files:write'] } });
    try {
      const there = await threadOn(poor);
      await chatOf(poor).chat.card(there, long);
      const [card, ...more] = await messages(channel, poor, there);
      expect(more).toEqual([]);
      expect(textOf(card)).toContain('… 35 more lines not shown here. The whole diff is in Details.');
    } finally {
      await poor.close();
    }
  });

  test('is not posted for a plan that nobody can approve any more', async () => {
    await built.chat.card(incident, { ...long, state: 'expired' });
    expect(await messages()).toHaveLength(1);
  });
});

describe('copies of a card', () => {
  const copy = (stored = shown) => built.cards.copy('alice', 'U0ALICE', place(), stored);

  test('have the same buttons, and say where the conversation is', async () => {
    await built.chat.card(incident, shown);
    await copy();
    await copy();
    const [card] = await messages();
    const [direct, ...more] = await messages('D0ALICE');
    expect(more).toEqual([]);
    const buttons = (message: Json | undefined) => textOf(message).match(/\[.*\] plan\.\w+/g);
    expect(buttons(direct)).toEqual(buttons(card));
    expect(JSON.stringify(direct)).toContain(JSON.stringify(JSON.stringify({ p: shown.plan.id, h: shown.requestHash })));
    expect(textOf(direct)).toContain(
      `<${slack.url}/archives/${channel}/p${incident.slack?.threadTs.replace('.', '')}|the incident’s thread>`,
    );
  });

  test('lose their buttons with the card', async () => {
    await built.chat.card(incident, shown);
    await copy();
    await built.cards.copy('bob', 'U0BOB', place(), shown);
    await built.chat.card(incident, { ...shown, state: 'superseded' });
    for (const where of [channel, 'D0ALICE', 'D0BOB']) {
      const [message] = await messages(where);
      expect(textOf(message), where).toContain('Replaced by a newer plan');
      expect(textOf(message), where).not.toContain('plan.approve');
    }
  });

  test('that cannot be updated hold up nothing, nor does a card that cannot be updated hold up its copies', async () => {
    await built.chat.card(incident, shown);
    await copy();
    built.posts.entries.set('plan:plan-1:card:gone', { channel: 'D0NOBODY', ts: '1.000001', hash: '' });
    await built.chat.card(incident, { ...shown, state: 'rejected' });
    expect(textOf((await messages())[0])).toContain('Rejected');
    expect(textOf((await messages('D0ALICE'))[0])).toContain('Rejected');
    built.posts.entries.set('plan:plan-1:card', { channel: 'C0ARCHIVED', ts: '1.000001', hash: '' });
    await expect(built.chat.card(incident, { ...shown, state: 'done' })).rejects.toMatchObject({ code: 'slack_refused' });
    expect(textOf((await messages('D0ALICE'))[0])).toContain('Done and verified');
  });
});

test('approvals of groups are counted by the groups that people have now', async () => {
  const groups = [{ group: 'owners:checkout', needed: 1 }];
  const vote = { ...approval, person: 'alice' };
  const needy = { ...shown, plan: { ...shown.plan, approval: { ...shown.plan.approval, needed: 2, groups } }, votes: [vote] };
  await chatOf(slack, { ...built, groups: { alice: ['owners:checkout'] } }).chat.card(incident, needy);
  expect(textOf((await messages())[0])).toContain('*So far:* 1 of 2 approvals · owners of checkout 1 of 1');
});

test('what a missing dry run costs is said as the committed policy says it', async () => {
  const { bases } = JSON.parse(await readFile(new URL('../../policy/testdata/decisions.json', import.meta.url), 'utf8'));
  const [facts] = bases.plan.steps;
  const steps = [{ ...facts, id: 's1', tier: 'low', hasDryRun: false }];
  const { reasons } = (await loadCommittedPolicy()).decide({ ...bases.plan, steps });
  const bare: StoredPlan = {
    ...shown,
    plan: { ...shown.plan, reasons, steps: [{ ...step, dryRun: { kind: 'none', reason: 'a restart has none' } }] },
  };
  await built.chat.card(incident, bare);
  expect(textOf((await messages())[0])).toContain('No dry run: a restart has none. Counts as medium.');
});

test('a plan that was replaced before anybody saw it is not shown', async () => {
  await built.chat.card(incident, { ...shown, state: 'superseded' });
  expect(await messages()).toEqual([]);
});
