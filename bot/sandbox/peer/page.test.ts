import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserTest, findChromium, flags } from '../../../tests/e2e/chromium.ts';
import { card, page } from './page.ts';

browserTest(
  'what arrives is shown by itself, and what somebody types stays; it says when nothing answers',
  async () => {
    let arrived = 0;
    const form = '<form><input type="hidden" name="as" value="alice"><input name="title" aria-label="Title"></form>';
    const server = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end(page('Local', 'A stand-in.', `${form}<p>${arrived} arrived</p>`)),
    ).listen(0, '127.0.0.1');
    const browser = await chromium.launch({ executablePath: findChromium() ?? 'chromium', args: flags });
    const tab = await browser.newPage();
    await tab.clock.install();
    await tab.goto(`http://127.0.0.1:${(server.address() as { port: number }).port}/?as=alice`);
    arrived = 1;
    await tab.clock.runFor(3_000);
    await tab.getByText('1 arrived').waitFor();
    await tab.getByLabel('Title').fill('half typed');
    await tab.getByLabel('Title').blur();
    arrived = 2;
    await tab.clock.runFor(30_000);
    expect(await tab.getByLabel('Title').inputValue()).toBe('half typed');
    expect(await tab.getByText('1 arrived').isVisible()).toBe(true);
    await tab.getByLabel('Title').fill('');
    await tab.getByLabel('Title').blur();
    await tab.clock.runFor(3_000);
    await tab.getByText('2 arrived').waitFor();
    server.closeAllConnections();
    server.close();
    await tab.clock.runFor(3_000);
    await tab.getByRole('status').getByText('It does not answer now').waitFor();
    await browser.close();
  },
  30_000,
);

test('instants can be read, and what is none stays', () => {
  const entries = ['2026-11-27T01:05:35.827Z', '2026-11-27T01:05:36Z thought', 'Link'].map((at) => ({ at, text: '' }));
  expect([...card('', [], '', entries).matchAll(/<time>(.*?)<\/time>/g)].map(([, at]) => at)).toEqual([
    '2026-11-27 01:05:35 UTC',
    '2026-11-27 01:05:36 UTC thought',
    'Link',
  ]);
});
