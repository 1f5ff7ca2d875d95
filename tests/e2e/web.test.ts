import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserTest, findChromium, flags } from './chromium.ts';
import { channels, eventually, startTestSystem, type TestSystem } from './system.ts';

const executable = findChromium();
/** Where CI finds what the pages looked like. */
const pictures = process.env['SCREENSHOTS'] ?? tmpdir();

const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Opened {
  readonly system: TestSystem;
  readonly browser: Browser;
}
let opened: Opened | undefined;
let incident = '';
let plan = '';
/** What consoles said, and what the policy of the pages refused. */
const complaints: string[] = [];

beforeAll(async () => {
  if (executable === undefined) return;
  const [system, browser] = await Promise.all([
    startTestSystem({ scenario: 'bad-rollout' }),
    chromium.launch({ executablePath: executable, args: flags }),
  ]);
  opened = { system, browser };
});
afterAll(async () => {
  await opened?.browser.close();
  await opened?.system.stop();
});

function parts(): Opened {
  if (opened === undefined) throw new Error('no Chromium was found: set CHROMIUM_PATH');
  return opened;
}

function watch(page: Page): Page {
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  page.on('request', (request) => {
    const ours = [opened?.system.apiUrl, opened?.system.parts.signIn?.issuer].map((url) => new URL(url ?? '').origin);
    if (!ours.includes(new URL(request.url()).origin)) complaints.push(`${page.url()} asks ${request.url()}`);
  });
  return page;
}

async function signedIn(context: BrowserContext, name: string, to = '/'): Promise<Page> {
  const page = watch(await context.newPage());
  await page.goto(`${opened?.system.apiUrl}${to}`);
  await page.getByRole('link', { name: /^Sign in with/ }).click();
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await page.waitForURL(`${opened?.system.apiUrl}${to}`);
  return page;
}

browserTest('alice comes by a link, sees the incident live, and her approval runs the plan while bob looks on', async () => {
  const all = parts();
  const { system, browser } = all;
  const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy');
  const { incidents } = system.core.store;
  ({ id: incident } = await eventually('the incident', async () => (await incidents.list(null, 1))[0]));
  const alice = await signedIn(await browser.newContext({ viewport: sizes.desktop }), 'Alice', `/incidents/${incident}`);
  await alice.getByText('Live: new entries appear by themselves.').waitFor();
  // Both come by themselves: nobody loads the page again.
  await alice.locator('#entries').getByText('Plan proposed').waitFor({ timeout: 60_000 });
  await alice.locator('#plans').getByRole('link').click();
  plan = new URL(alice.url()).pathname.split('/').at(-1) ?? '';
  expect(await alice.locator('#steps').textContent()).toContain(
    'kubectl rollout undo deployment.apps/checkout --namespace=shop --to-revision=7',
  );
  const bob = await signedIn(await browser.newContext({ viewport: sizes.desktop }), 'Bob', `/plans/${plan}`);
  await bob.getByText('Live: new entries appear by themselves.').waitFor();
  await alice.keyboard.press('Tab');
  expect(await alice.locator(':focus').textContent()).toBe('Skip to the content');
  await alice.getByRole('button', { name: 'Reject' }).click();
  expect(await alice.getByRole('alert').textContent()).toBe('Please give a reason.');
  // Where to write it is at hand, in view, and said to be what is missing.
  expect(await alice.locator(':focus').getAttribute('aria-describedby')).toBe(await alice.getByRole('alert').getAttribute('id'));
  await alice.getByRole('button', { name: 'Approve' }).click();
  expect(await alice.getByRole('status').first().textContent()).toContain('Your vote is recorded. The plan is approved');
  await bob.locator('#votes').getByText('Alice Ndiaye').waitFor();
  await bob.locator('#state').getByText('Done and verified').waitFor({ timeout: 90_000 });
  await system.incident(thread, ({ state }) => state === 'closed');
  await bob.getByText('Rule by rule').click();
  for (const name of [/^Proof of the answer of policy to plan/, /^Proof of the answer of Alice/]) {
    await bob.getByRole('link', { name }).first().click();
    await bob.locator('#proof-result[data-done="yes"]').waitFor();
    await bob.goBack();
    if (name.source.includes('policy')) await bob.locator('#votes').getByText('Alice Ndiaye').waitFor();
  }
  expect(complaints.filter((line) => !line.includes('400 (Bad Request)'))).toEqual([]);
});

browserTest('the browser checks the proof of an entry by itself, and sees when it was changed', async () => {
  const all = parts();
  complaints.length = 0;
  const page = await signedIn(await all.browser.newContext({ viewport: sizes.desktop }), 'Alice', '/audit?kind=vote.recorded');
  await page.locator('tbody a').first().click();
  const results = page.locator('#proof-result[data-done="yes"] .chip');
  await results.first().waitFor();
  expect(await results.allTextContents()).toEqual(['Holds', 'Holds', 'Holds', 'Holds']);
  await page.locator('#proof').evaluate((proof) => {
    proof.setAttribute('data-body', (proof.getAttribute('data-body') ?? '').replace('approve', 'reject'));
  });
  await page.getByRole('button', { name: 'Check it in this browser' }).click();
  await page.locator('#proof-result[data-done="yes"] .bad').waitFor();
  expect((await results.allTextContents())[0]).toBe('Does not hold');
  await page.getByLabel(/^Key of the log/).fill('watchkeeper/other+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  await page.getByRole('button', { name: 'Check it in this browser' }).click();
  await page.locator('#proof-result[data-done="yes"] .bad').nth(1).waitFor();
  expect((await results.allTextContents()).at(-1)).toBe('Does not hold');
  expect(complaints).toEqual([]);
});

browserTest('a page that cannot be kept up to date says so, tries again, and goes on', async () => {
  const { browser } = parts();
  const context = await browser.newContext({ viewport: sizes.desktop });
  const busy = { contentType: 'text/event-stream', body: 'event: busy\ndata: own\n\n' };
  let way: 'busy' | 'refused' | 'open' = 'busy';
  await context.route('**/events?*', (route) =>
    way === 'busy' ? route.fulfill(busy) : way === 'refused' ? route.fulfill({ status: 502 }) : route.continue(),
  );
  const page = await signedIn(context, 'Alice', `/incidents/${incident}`);
  const state = page.getByRole('status').filter({ hasText: /incident|server|entries/ });
  await state.getByText('You have too many pages open').waitFor();
  way = 'refused';
  await state.getByText('The connection to the server is lost').waitFor();
  expect(await page.locator('#live-state').getAttribute('data-state')).toBe('lost');
  way = 'open';
  await state.getByText('Live: new entries appear by themselves.').waitFor({ timeout: 30_000 });
  await context.close();
});

browserTest('the evidence graph is read by mouse and keyboard: what is selected is told beside it, keys walk along its lines', async () => {
  const { browser } = parts();
  complaints.length = 0;
  const page = await signedIn(await browser.newContext({ viewport: sizes.desktop }), 'Alice', `/incidents/${incident}`);
  const detail = page.locator('#graph-detail');
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('[aria-label]')?.getAttribute('aria-label'));
  /** How much of it stands outside of its frame, in pixels. */
  const cropped = () =>
    page.locator('.graph').evaluate((frame) => Math.max(frame.scrollWidth - frame.clientWidth, frame.scrollHeight - frame.clientHeight));
  // It starts with all of it, and its words can be read.
  expect(await cropped()).toBe(0);
  expect(Number(await page.locator('#evidence-graph').getAttribute('width'))).toBeGreaterThan(600);
  await page.locator('a.node:has([aria-label*="kubernetes.logs"])').click();
  expect(new URL(page.url()).pathname).toBe(`/incidents/${incident}`);
  // What it says, from its own page.
  await detail.locator('pre').getByText('PAYMENT_CALLBACK_URL').waitFor();
  expect(await detail.getByRole('link', { name: 'Open the observation' }).getAttribute('href')).toMatch(/^\/observations\/[0-9a-f]{64}$/);
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toMatch(/^finding/);
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toMatch(/^step · done/);
  expect(await detail.textContent()).toContain('was verified by');
  await page.getByLabel('verified by').uncheck();
  expect(await page.locator('.edge.verified-by').isVisible()).toBe(false);
  expect(await detail.getByText('was verified by').isVisible()).toBe(false);
  await page.locator('a.node:has([aria-label^="step"])').focus();
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toMatch(/^observation/);
  const svg = page.locator('#evidence-graph');
  const width = Number(await svg.getAttribute('width'));
  await page.keyboard.press('+');
  expect(Number(await svg.getAttribute('width'))).toBe(Math.round(width * 1.25));
  expect(await cropped()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Fit' }).click();
  expect(await cropped()).toBe(0);
  // On a phone it starts where the cause is, at a size that can be read; all of it is one press away.
  await page.setViewportSize(sizes.phone);
  await page.reload();
  expect(await cropped()).toBeGreaterThan(0);
  expect(await page.locator('a.node[data-start]').getAttribute('href')).toMatch(/#finding-/);
  const inside = () =>
    page.locator('a.node[data-start]').evaluate((node) => {
      const [box, frame] = [node.getBoundingClientRect(), node.closest('.graph')?.getBoundingClientRect()];
      return (
        frame !== undefined && box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
      );
    });
  expect(await inside()).toBe(true);
  await page.locator('a.node[data-start]').focus();
  await page.keyboard.press('f');
  expect(await cropped()).toBe(0);
  await page.setViewportSize(sizes.desktop);
  await page.locator('a.node:has([aria-label^="observation"])').last().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/observations\//);
  expect(complaints).toEqual([]);
});

/** Every page, with something on it. */
async function addresses({ system }: Opened): Promise<Readonly<Record<string, string>>> {
  const [observation] = await system.core.store.observations.listForIncident(incident);
  return {
    incidents: '/',
    incident: `/incidents/${incident}`,
    plan: `/plans/${plan}`,
    postmortem: `/incidents/${incident}/postmortem`,
    observation: `/observations/${observation?.id}`,
    approvals: '/approvals',
    audit: '/audit',
    entry: '/audit/entries/5',
    policy: '/policy',
    playbooks: '/playbooks',
    tools: '/tools',
    outbox: '/outbox?state=',
    llm: '/llm',
    settings: '/settings',
    me: '/me',
    error: '/plans/nothing',
  };
}

type Axe = { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };

/** What is wrong with the page that is shown. */
async function wrongWith(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (values) => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({ runOnly: values });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }, rules);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  return wide ? [...found, 'it is wider than the screen'] : found;
}

/** Whatever can be used, by its own key presses; what is reached has to show that it has the focus. */
async function outOfReach(page: Page): Promise<readonly string[]> {
  const count = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('a[href],button,input,select,textarea,summary,[tabindex]')];
    const usable = all.filter((one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }));
    for (const one of usable) one.setAttribute('data-usable', '');
    return usable.length;
  });
  // A field for a time takes several.
  for (let left = count * 2 + 20; left > 0; left -= 1) {
    await page.keyboard.press('Tab');
    const more = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof Element) || at === document.body) return false;
      const { outlineStyle } = getComputedStyle(at);
      if (outlineStyle === 'none' && !at.matches('a.node')) at.setAttribute('data-unseen', '');
      at.removeAttribute('data-usable');
      return document.querySelector('[data-usable]') !== null;
    });
    if (!more) break;
  }
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-usable],[data-unseen]')].map((one) => `not by the keyboard: ${one.outerHTML.slice(0, 120)}`),
  );
}

browserTest(
  'every page can be used by the keyboard alone, and shows where one is',
  async () => {
    const all = parts();
    const context = await all.browser.newContext({ viewport: sizes.desktop, reducedMotion: 'reduce' });
    const page = await signedIn(context, 'Dave');
    const wrong: string[] = [];
    for (const [name, path] of Object.entries(await addresses(all))) {
      await page.goto(`${all.system.apiUrl}${path}`);
      wrong.push(...(await outOfReach(page)).map((what) => `${name}: ${what}`));
    }
    expect(wrong).toEqual([]);
    await context.close();
  },
  120_000,
);

browserTest.each(
  Object.keys(sizes).flatMap((size) =>
    ['light', 'dark'].map((scheme) => [size as keyof typeof sizes, scheme as 'light' | 'dark'] as const),
  ),
)('every page is accessible on a %s in %s', async (size, scheme) => {
  const all = parts();
  complaints.length = 0;
  const context = await all.browser.newContext({ viewport: sizes[size], colorScheme: scheme, reducedMotion: 'reduce' });
  const wrong: string[] = [];
  const look = async (page: Page, name: string) => {
    await page.screenshot({ path: join(pictures, `web-${name}-${size}-${scheme}.png`), fullPage: true });
    wrong.push(...(await wrongWith(page)).map((what) => `${name}: ${what}`));
  };
  const stranger = watch(await context.newPage());
  await stranger.goto(`${all.system.apiUrl}/login`);
  await look(stranger, 'login');
  const page = await signedIn(context, 'Dave');
  for (const [name, path] of Object.entries(await addresses(all))) {
    await page.goto(`${all.system.apiUrl}${path}`);
    if (name === 'entry') await page.locator('#proof-result[data-done="yes"]').waitFor();
    await look(page, name);
  }
  expect(wrong).toEqual([]);
  // The page of an error is one: a browser's console says so.
  expect(complaints.filter((line) => !line.includes('/plans/nothing: Failed to load resource'))).toEqual([]);
  await context.close();
});

browserTest('without scripts everything is there: signing in, filters, forms, and pages of the rest', async () => {
  const all = parts();
  const context = await all.browser.newContext({ javaScriptEnabled: false, viewport: sizes.phone });
  const page = await signedIn(context, 'Alice', '/');
  await page.getByLabel('State').selectOption('closed');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.locator(`a[href="/incidents/${incident}"]`).click();
  expect(await page.locator('#entries').textContent()).toContain('Vote recorded');
  await page.getByText('In words:').click();
  await page.locator('#graph-words').getByRole('link', { name: 'Go to the finding' }).first().click();
  expect(await page.locator('article:target').textContent()).toContain('What would refute it');
  await page.getByLabel('supports').uncheck();
  expect(await page.locator('.edge.supports').first().isVisible()).toBe(false);
  await page.goto(`${all.system.apiUrl}/me`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);
});
