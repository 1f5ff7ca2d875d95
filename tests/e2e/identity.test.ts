import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBrowser, signIn, signInAtCommandLine } from '../../bot/sandbox/oidc/hands.ts';
import { hasAction, type SeenMessage } from '../../bot/sandbox/slack/hands.ts';
import { findChromium, flags } from './chromium.ts';
import { channels, eventually, type Settled, slackUser, startTestSystem, type TestSystem, type Thread, textOf } from './system.ts';

let system: TestSystem;
let thread: Thread;
let waiting: Settled;
let card: SeenMessage;

/** Carol is an approver who can sign in; no configuration says which Slack account is hers. */
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'bad-rollout' });
  thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy.');
  waiting = await system.incident(thread, (_, plan) => plan?.state === 'pending');
  card = await system.hands.until(slackUser('carol'), thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
});
afterAll(() => system?.stop());

const planId = () => waiting.plan?.plan.id ?? '';
const votes = () => system.core.store.votes.list(planId());
const audited = async (kind: string) => (await system.core.store.audit.list({ kind }, 0, 100)).map(({ body }) => body.data);
const click = (user: string) =>
  system.ui('/ui/actions', { user: slackUser(user), channel: card.channel, ts: card.ts, action_id: 'plan.approve' });
const linkIn = (message: SeenMessage) => /<(http:[^|>]+\/link\/[^|>]+)\|/.exec(textOf(message))?.[1] ?? '';
const accountOf = (person: string) => system.core.directory.byId(person)?.oidc ?? '';

const linksSeen = async () => (await system.read('carol', thread)).map(linkIn).filter((link) => link !== '');

/** Carol clicks, and gets a link that she has not had before. */
async function newLink(): Promise<string> {
  const before = await linksSeen();
  await click('carol');
  return eventually('a link', async () => (await linksSeen()).find((link) => !before.includes(link)));
}

async function walk(url: string, account: string) {
  const browser = createBrowser();
  return signIn(browser, await browser.submit(await browser.open(url)), account);
}

test('a vote of somebody who is not known is refused, with a link that only they see', async () => {
  await click('carol');
  const told = await system.see('carol', thread, 'I do not know who you are', '/link/');
  expect(linkIn(told)).toContain(system.apiUrl);
  expect(await votes()).toEqual([]);
  expect((await system.read('alice', thread)).map(textOf).join('\n')).not.toContain('/link/');
});

test('guests and people of another company get no link', async () => {
  await click('gus');
  await system.see('gus', thread, 'Guests of this workspace cannot do that');
  await system.mention('mallory', channels.partner, 'who are you?');
  await system.see('mallory', { channel: channels.partner }, 'You are from another workspace');
  expect((await audited('identity.link_offered')).map(({ account }) => account)).toEqual([slackUser('carol')]);
});

test('the link is not for somebody who has another account, nor for somebody whom nobody lists', async () => {
  for (const [account, status] of [
    [accountOf('alice'), 409],
    ['shop|nils', 403],
  ] as const) {
    expect((await walk(await newLink(), account)).status).toBe(status);
  }
  expect((await audited('identity.refused')).map(({ code }) => code)).toEqual(['other_account', 'unknown_person']);
  expect(await system.core.directory.of({ kind: 'slack', team: system.slack.team.id, user: slackUser('carol') })).toBeNull();
});

test('whoever signs in with it is known from then on, and the same click counts', async () => {
  const link = await newLink();
  const done = await walk(link, accountOf('carol'));
  expect([done.status, done.text.includes('known as Carol Meyer')]).toEqual([200, true]);
  expect(await audited('identity.linked')).toMatchObject([{ account: slackUser('carol'), person: 'carol', by: 'login' }]);
  await click('carol');
  await system.incident(thread, (_, plan) => plan?.votes.some(({ person }) => person === 'carol') === true);
  expect(await votes()).toMatchObject([{ person: 'carol', channel: 'slack', verdict: 'approve' }]);
  expect((await createBrowser().open(link)).status).toBe(410);
});

test('the plan that she approved is executed, and verified', async () => {
  const { incident } = await system.incident(thread, ({ state }) => state === 'closed');
  expect(incident.outcome).toBe('resolved');
});

test('a person who has signed in at the command line reads over the API, and is told there that it is settled', async () => {
  const { signIn: place } = system.parts;
  if (place === null) throw new Error('the sandbox has a sign-in');
  const { tokens } = await signInAtCommandLine(place, system.core.file.oidc.audience, accountOf('bob'));
  const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' };
  const asked = await fetch(`${system.apiUrl}/v1/plans/${planId()}`, { headers });
  expect(asked.status).toBe(200);
  const { requestHash } = (await asked.json()) as { requestHash: string };
  const body = JSON.stringify({ verdict: 'reject', requestHash });
  const late = await fetch(`${system.apiUrl}/v1/plans/${planId()}/votes`, { method: 'POST', headers, body });
  expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([409, 'settled']);
});

test('a link that an administrator has ended can be made anew, in a browser as people have it', async () => {
  const executablePath = findChromium();
  const headers = { authorization: `Bearer ${system.adminToken}` };
  const { items } = (await (await fetch(`${system.apiUrl}/v1/identities`, { headers })).json()) as { items: { id: string }[] };
  for (const { id } of items) await fetch(`${system.apiUrl}/v1/identities/${id}`, { method: 'DELETE', headers });
  await system.mention('carol', channels.incidents, 'is checkout all right?');
  const link = linkIn(await system.see('carol', { channel: channels.incidents }, '/link/'));
  if (executablePath === undefined) {
    expect(process.env['CI'], 'CI needs a Chromium: set CHROMIUM_PATH').not.toBe('true');
    process.stderr.write('Not run: the link in a browser, because no Chromium was found (set CHROMIUM_PATH).\n');
    return;
  }
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 700 }, colorScheme: 'dark' });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(link);
    await page.screenshot({ path: join(process.env['SCREENSHOTS'] ?? tmpdir(), 'watchkeeper-link.png') });
    await page.getByRole('button', { name: 'Yes, it is mine: sign in' }).click();
    await page.getByRole('button', { name: /Carol Meyer/ }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
  expect(await system.core.directory.of({ kind: 'slack', team: system.slack.team.id, user: slackUser('carol') })).toMatchObject({
    id: 'carol',
  });
});
