import type { App } from '@slack/bolt';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserTest, findChromium, flags } from '../../../../tests/e2e/chromium.ts';
import { boltApp, clientOf, hand, startForTest } from '../testing.ts';
import type { LocalSlack } from '../types.ts';

const executable = findChromium();
const channel = 'C0INCIDENTS';

let slack: LocalSlack;
let app: App;
let browser: Browser | undefined;

beforeAll(async () => {
  slack = await startForTest();
  app = boltApp(slack);
  app.event('app_mention', async ({ event, say }) => {
    const text = { type: 'mrkdwn' as const, text: 'Roll back `checkout` to revision 41 &lt;script&gt;' };
    const confirm = {
      title: { type: 'plain_text' as const, text: 'Approve?' },
      text,
      confirm: { type: 'plain_text' as const, text: 'Yes, approve' },
      deny: { type: 'plain_text' as const, text: 'No' },
    };
    const button = {
      type: 'button' as const,
      style: 'primary' as const,
      action_id: 'plan.approve',
      text: { type: 'plain_text' as const, text: 'Approve' },
      value: 'plan_1',
      confirm,
    };
    await say({
      text: 'Plan',
      thread_ts: event.ts,
      blocks: [
        { type: 'section', text },
        { type: 'actions', block_id: 'vote', elements: [button] },
      ],
    });
  });
  app.action('plan.approve', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await client.chat.update({
      channel,
      ts: String(body.message?.['ts']),
      text: 'Approved',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `Approved by <@${body.user.id}>` } }],
    });
  });
  app.shortcut('new_investigation', async ({ ack, body, client }) => {
    await ack();
    const input = {
      type: 'input' as const,
      block_id: 'text',
      label: { type: 'plain_text' as const, text: 'What is wrong?' },
      element: { type: 'plain_text_input' as const, action_id: 'value', multiline: true },
    };
    const words = (text: string) => ({ type: 'plain_text' as const, text });
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'new_investigation',
        title: words('New investigation'),
        submit: words('Start'),
        close: words('Cancel'),
        blocks: [input],
      },
    });
  });
  app.view('new_investigation', async ({ ack, view }) => {
    const text = view.state.values['text']?.['value']?.value ?? '';
    await (text.length < 10 ? ack({ response_action: 'errors', errors: { text: 'Please say what you see' } }) : ack());
  });
  await app.start();
  if (executable !== undefined) browser = await chromium.launch({ executablePath: executable, args: flags });
});
afterAll(async () => {
  await browser?.close();
  await app.stop();
  await slack.close();
});

/** Runs in a real browser, fails on any error that the page logs. */
function inBrowser(name: string, run: (page: Page) => Promise<void>): void {
  browserTest(name, async () => {
    if (browser === undefined) throw new Error('no Chromium: set CHROMIUM_PATH');
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await run(page);
    await page.close();
    expect(errors).toEqual([]);
  });
}

async function open(page: Page, query: string): Promise<void> {
  await page.goto(`${slack.url}/?${query}`);
  await page.waitForSelector('body[data-live="yes"]');
}

inBrowser('somebody posts, sees the reply with its button, clicks, and sees the update', async (page) => {
  await open(page, 'as=alice');
  await page.getByTestId('composer').fill('@watchkeeper checkout is slow');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '1 reply' }).last().click();
  const reply = page.getByTestId('thread').getByTestId('message').last();
  await reply.getByText('Roll back').waitFor();
  expect(await reply.textContent()).toContain('<script>');
  await reply.locator('[data-action-id="plan.approve"]').click();
  await page.getByTestId('confirm-yes').click();
  await reply.getByText('Approved by').waitFor();
  expect(await reply.textContent()).toContain('Alice Ahn');
  expect(await reply.locator('[data-action-id]').count()).toBe(0);
});

inBrowser('a modal shows what is wrong and closes when it is right', async (page) => {
  await open(page, 'as=bob');
  await page.getByTestId('global-shortcut').click();
  const modal = page.getByTestId('modal');
  await modal.getByTestId('modal-submit').click();
  await modal.getByText('Please complete this required field.').waitFor();
  await modal.getByLabel('What is wrong?').fill('short');
  await modal.getByTestId('modal-submit').click();
  await modal.getByText('Please say what you see').waitFor();
  await modal.getByTestId('modal-input').fill('checkout answers with errors');
  await modal.getByTestId('modal-submit').click();
  await modal.waitFor({ state: 'hidden' });
});

inBrowser('an ephemeral message is shown to its person alone, a switch of person shows their page', async (page) => {
  await clientOf(slack).chat.postEphemeral({ channel, user: 'U0ALICE', text: 'for Alice only' });
  await open(page, `as=alice&channel=${channel}`);
  await page.getByText('for Alice only').waitFor();
  await page.getByTestId('person').selectOption('bob');
  await page.waitForSelector('body[data-user="U0BOB"][data-live="yes"]');
  expect(await page.getByText('for Alice only').count()).toBe(0);
});

inBrowser('what others write appears without a reload, and is announced', async (page) => {
  await open(page, `as=alice&channel=${channel}`);
  await hand(slack, 'messages', { user: 'bob', channel, text: 'seen it too <b>&' });
  await page.getByTestId('message').getByText('seen it too <b>&').waitFor();
  await page.locator('#live', { hasText: 'New message from Bob Brandt' }).waitFor({ state: 'attached' });
});

inBrowser('the page is accessible, also on a phone', async (page) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await open(page, 'as=alice');
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      type Axe = { run(): Promise<{ violations: { id: string }[] }> };
      return (await (globalThis as unknown as { axe: Axe }).axe.run()).violations.map(({ id }) => id);
    });
    expect(found).toEqual([]);
  }
});
