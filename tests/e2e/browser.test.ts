import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserTest, findChromium, flags } from './chromium.ts';
import { startTestSystem, type TestSystem } from './system.ts';

const executable = findChromium();
/** Where CI finds what the page looked like. */
const pictures = process.env['SCREENSHOTS'] ?? tmpdir();

let system: TestSystem | undefined;
let browser: Browser | undefined;

beforeAll(async () => {
  if (executable === undefined) return;
  [system, browser] = await Promise.all([
    startTestSystem({ scenario: 'bad-rollout' }),
    chromium.launch({ executablePath: executable, args: flags }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

async function pageOf(url: string, person: string, errors: string[]): Promise<Page> {
  if (browser === undefined) throw new Error('no browser');
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${url}/?as=${person}&channel=C0INCIDENTS`);
  await page.waitForSelector('body[data-live="yes"]');
  return page;
}

browserTest('erin mentions the bot, alice sees the card and approves it, both see the result', async () => {
  if (system === undefined) throw new Error('no Chromium was found: set CHROMIUM_PATH');
  const errors: string[] = [];
  const { url } = system.slack;
  const erin = await pageOf(url, 'erin', errors);
  await erin.getByTestId('composer').fill('@watchkeeper checkout is failing since the last deploy');
  await erin.keyboard.press('Enter');
  const alice = await pageOf(url, 'alice', errors);
  await alice
    .getByRole('button', { name: /repl(y|ies)/ })
    .last()
    .click();
  const thread = alice.getByTestId('thread');
  const approve = thread.locator('[data-action-id="plan.approve"]');
  await approve.waitFor({ timeout: 60_000 });
  const card = thread.getByTestId('message').filter({ has: alice.locator('[data-action-id="plan.approve"]') });
  expect(await card.textContent()).toContain('kubectl rollout undo deployment.apps/checkout --namespace=shop --to-revision=7');
  await alice.screenshot({ path: join(pictures, 'watchkeeper-card.png') });
  await approve.click();
  await alice.getByTestId('confirm-yes').click();
  await thread.getByText('Resolved and verified').waitFor({ timeout: 90_000 });
  expect(await approve.count()).toBe(0);
  expect(await thread.textContent()).toContain('Done and verified');
  await alice.screenshot({ path: join(pictures, 'watchkeeper-result.png') });
  await erin
    .getByRole('button', { name: /repl(y|ies)/ })
    .last()
    .click();
  await erin.getByTestId('thread').getByText('Resolved and verified').waitFor();
  expect(errors).toEqual([]);
});
