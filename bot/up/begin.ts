import { setTimeout as delay } from 'node:timers/promises';
import { sha256Hex } from '../../tools/canonical.ts';
import type { Scenario, Trigger } from '../sandbox/estate/scenarios/scenario.ts';
import { createHands } from '../sandbox/slack/hands.ts';
import { askLinear } from './linear.ts';
import type { RunningSystem } from './up.ts';

type Thread = { readonly channel: string; readonly threadTs: string };

/** Writes the scenario's mention in the local Slack; answers the channel and thread. */
export async function mention(system: RunningSystem, scenario: Scenario): Promise<{ channel: string; threadTs: string }> {
  const { localSlack } = system.parts;
  const channel = system.core.file.channels.default;
  const person = system.core.directory.byId(scenario.requester)?.slack?.user;
  if (localSlack === null || channel === undefined || person === undefined)
    throw new Error('a scenario needs the local Slack and its people');
  const threadTs = await createHands(localSlack.url).post(person, channel, `<@${localSlack.botUserId}> ${scenario.mention}`);
  return { channel, threadTs };
}

/** As monitoring does: by the page's own hands. */
function page({ parts, core }: RunningSystem, service: string, title: string): void {
  const id = core.file.services.find(({ name }) => name === service)?.pagerduty;
  if (parts.pagerduty?.hands === null || parts.pagerduty === null || id === undefined)
    throw new Error('this scenario needs the local PagerDuty: unset PAGERDUTY_API_TOKEN');
  parts.pagerduty.hands.trigger(id, title);
}

/** One notification with every alert, as Alertmanager sends it. Throws when it is refused. */
async function notify({ apiUrl, adminToken }: RunningSystem, trigger: Extract<Trigger, { kind: 'alerts' }>): Promise<void> {
  const alerts = trigger.alerts.map(({ labels, summary }) => ({
    ...{ status: 'firing', labels, annotations: { summary }, startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z' },
    fingerprint: sha256Hex(JSON.stringify(labels)).slice(0, 16),
  }));
  const response = await fetch(new URL('/webhooks/alertmanager', apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
    body: JSON.stringify({ version: '4', groupKey: '{}:{}', truncatedAlerts: 0, alerts }),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the alerts were answered with ${response.status}`);
}

/** Files an issue in the local Linear and mentions the assistant in it. */
async function mentionInLinear(
  { parts, core }: RunningSystem,
  { requester, mention: description }: Scenario,
  { title, words }: Extract<Trigger, { kind: 'linear' }>,
): Promise<void> {
  const page = parts.linear?.page ?? null;
  const user = core.directory.byId(requester)?.linear;
  if (page === null || user === undefined) throw new Error('this scenario needs the local Linear: unset LINEAR_API_KEY');
  const { id } = await askLinear(page, '/ui/issues', { user, title, description });
  await askLinear(page, `/ui/issues/${id}/sessions`, { user, words });
}

/** Lets a scenario begin; answers its thread, once there is one. */
export async function begin(system: RunningSystem, scenario: Scenario): Promise<Thread> {
  const { trigger, service } = scenario;
  if (trigger === undefined) return mention(system, scenario);
  const { incidents } = system.core.store;
  const before = new Set((await incidents.list(null, 200)).map(({ id }) => id));
  if (trigger.kind === 'page') page(system, service, trigger.title);
  else if (trigger.kind === 'linear') await mentionInLinear(system, scenario, trigger);
  else await notify(system, trigger);
  // Who asks in Linear names no service.
  const about = trigger.kind === 'linear' ? null : service;
  for (;;) {
    const found = (await incidents.list(null, 200)).find((one) => !before.has(one.id) && one.service === about && one.slack !== null);
    if (found?.slack) return { channel: found.slack.channel, threadTs: found.slack.threadTs };
    await delay(50);
  }
}

/** What the person who watches is told of the beginning. */
export function beginningOf({ trigger, service, requester, mention: words }: Scenario): string {
  if (trigger === undefined) return `${requester} writes: @watchkeeper ${words}`;
  if (trigger.kind === 'linear') return `${requester} writes in Linear: ${trigger.words}`;
  return trigger.kind === 'page'
    ? `PagerDuty pages for ${service}: ${trigger.title}`
    : `Alertmanager sends ${trigger.alerts.length} alerts`;
}
