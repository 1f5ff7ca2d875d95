import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../bot/config.ts';
import { createHands, hasAction } from '../../bot/sandbox/slack/hands.ts';
import { mention } from '../../bot/up/begin.ts';
import { startUp } from '../../bot/up/up.ts';
import { type Figure, round } from './figure.ts';

/** Seconds from a person's message to findings and plan card in the thread, scenario bad-rollout, no model. */
export async function cardAfterMention(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const settings = loadSettings({ PATH: process.env['PATH'], WATCHKEEPER_DATA: directory, LOG_LEVEL: 'warn' });
  const started = performance.now();
  const system = await startUp({ settings, directory, scenario: 'bad-rollout', port: 0, progress: () => {} });
  const startSeconds = (performance.now() - started) / 1_000;
  try {
    const { localSlack, estate } = system.parts;
    if (localSlack === null || estate === null) throw new Error('the bench needs the local Slack and the simulated estate');
    const sent = performance.now();
    const thread = await mention(system, estate.scenario);
    const hands = createHands(localSlack.url);
    await hands.until('U0ALICE', thread.channel, thread.threadTs, (message) => hasAction(message, 'plan.approve'));
    const seconds = (performance.now() - sent) / 1_000;
    const baseline = `the best published investigation 21 s; start of the whole system ${round(startSeconds)} s`;
    return { name: 'mention to findings and plan card', value: round(seconds, 2), unit: 's', baseline, target: '≤ 3 s', met: seconds <= 3 };
  } finally {
    await system.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
