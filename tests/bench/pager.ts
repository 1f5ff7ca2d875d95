import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../bot/config.ts';
import { createHands, hasAction } from '../../bot/sandbox/slack/hands.ts';
import { begin } from '../../bot/up/begin.ts';
import { startUp } from '../../bot/up/up.ts';
import { type Figure, round } from './figure.ts';

/** Seconds from an incident in PagerDuty to findings and plan card in its thread, by signed webhook, scenario page, no model. */
export async function cardAfterPage(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const settings = loadSettings({ PATH: process.env['PATH'], WATCHKEEPER_DATA: directory, LOG_LEVEL: 'warn' });
  const system = await startUp({ settings, directory, scenario: 'page', port: 0, progress: () => {} });
  try {
    const { localSlack, estate } = system.parts;
    if (localSlack === null || estate === null) throw new Error('the bench needs the local Slack and the simulated estate');
    const paged = performance.now();
    const thread = await begin(system, estate.scenario);
    const opened = (performance.now() - paged) / 1_000;
    const hands = createHands(localSlack.url);
    await hands.until('U0ALICE', thread.channel, thread.threadTs, (message) => hasAction(message, 'plan.approve'));
    const seconds = (performance.now() - paged) / 1_000;
    const baseline = `the best published investigation 21 s; the thread is open after ${round(opened, 2)} s`;
    return { name: 'page to findings and plan card', value: round(seconds, 2), unit: 's', baseline, target: '≤ 3 s', met: seconds <= 3 };
  } finally {
    await system.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
