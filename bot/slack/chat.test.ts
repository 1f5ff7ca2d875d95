import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLinks } from '../../blocks/links.ts';
import { finding, incident as fixture, links, readable, shown } from '../../blocks/testing.ts';
import { Observation } from '../../tools/contract.ts';
import { pngOf } from '../../tools/png.ts';
import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import type { Chat } from '../../workflows/ports.ts';
import { createPanels } from '../evidence/panels.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { createFirstReply } from './first-reply.ts';
import { calls, chatOf, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let chat: Chat;
let incident: Incident;
let threads: SlackThread[];

function build(channelFor: () => string | null = () => channel) {
  const onThread = async (_: string, thread: SlackThread) => {
    threads.push(thread);
  };
  return chatOf(slack, { channelFor, onThread });
}

beforeEach(async () => {
  slack = await startForTest();
  threads = [];
  const root = await testClient(slack).chat.postMessage({ channel, text: 'root' });
  incident = { ...fixture, slack: { team: slack.team.id, channel, threadTs: root.ts ?? '' } };
  chat = build().chat;
});
afterEach(() => slack.close());

const thread = async () => (await messagesOf(slack, channel, `?thread_ts=${incident.slack?.threadTs}`)).slice(1);
const texts = async () => (await thread()).map((message) => readable({ blocks: message['blocks'] as unknown[] }));

test('an incident from outside gets one thread, however often it is asked for', async () => {
  const outside = { ...fixture, source: 'pagerduty' as const, slack: null };
  await chat.openThread(outside);
  await chat.openThread(outside);
  expect(calls(slack, 'chat.postMessage')).toHaveLength(2);
  expect(threads[0]).toMatchObject({ team: slack.team.id, channel });
  expect(threads[1]).toEqual(threads[0]);
  await chat.say(outside, 'hello', 'in the new thread');
  expect((await messagesOf(slack, channel, `?thread_ts=${threads[0]?.threadTs}`)).at(-1)).toMatchObject({ text: 'in the new thread' });
});

test('without a channel for it an incident is handled in silence', async () => {
  const mute = build(() => null).chat;
  await mute.openThread({ ...fixture, slack: null });
  await mute.say({ ...fixture, slack: null }, 'k', 'nobody hears');
  expect(calls(slack, 'chat.postMessage')).toHaveLength(1);
});

test('progress is one message, and its final state arrives', async () => {
  const task = (state: 'running' | 'done') => ({ round: 0, headline: 'Looking', tasks: [{ title: 'Pods', state }] });
  await chat.progress(incident, task('running'));
  await chat.progress(incident, task('running'));
  await chat.progress(incident, task('done'));
  expect(await texts()).toEqual(['Looking (1 of 1)\nPods\n[Cancel] incident.cancel']);
});

test('a second investigation of the incident has messages of its own', async () => {
  const done = { headline: 'Looked', tasks: [{ title: 'Pods', state: 'done' as const }] };
  for (const round of [0, 1]) await chat.progress(incident, { round, ...done });
  for (const round of [0, 1]) await chat.findings(incident, round, [], ['no metrics']);
  expect(await texts()).toHaveLength(4);
});

test('a change that stopped says what differs from the approval, once per plan', async () => {
  const stop = { reason: 'the target changed', difference: '- revision: 8\n+ revision: 9', again: true };
  for (let i = 0; i < 2; i += 1) await chat.stopped(incident, 'plan-1', stop);
  expect(await texts()).toEqual([
    expect.stringMatching(/Stopped: nothing was changed.*the target changed[\s\S]*\+ revision: 9[\s\S]*ask anew/),
  ]);
});

test('a pending card has buttons; the same message, settled, has none', async () => {
  await chat.card(incident, shown);
  expect((await texts())[0]).toContain('[Approve] plan.approve');
  await chat.card(incident, { ...shown, state: 'done' });
  const [text, ...more] = await texts();
  expect(more).toEqual([]);
  expect(text).toContain('Done and verified');
  expect(text).not.toContain('plan.approve');
});

test('a secret in a command line is masked on the card, and the button still works', async () => {
  const [step] = shown.plan.steps;
  if (step === undefined) throw new Error('the fixture has a step');
  const secret = { ...step, via: { kind: 'cli' as const, binary: 'kubectl', argv: ['--token', 's3cr3t-made-up'], stdinSha256: null } };
  await chat.card(incident, { ...shown, plan: { ...shown.plan, steps: [secret] } });
  const [sent] = calls(slack, 'chat.postMessage').slice(-1);
  expect(JSON.stringify(sent)).not.toContain('s3cr3t-made-up');
  expect(JSON.stringify(sent)).toContain(shown.requestHash);
});

test('findings offer feedback where the server knows it, and post without where it does not', async () => {
  await chat.findings(incident, 0, [finding], []);
  expect(JSON.stringify((await thread())[0]?.['blocks'])).toContain('feedback_buttons');
  const old = await startForTest({ unsupported: { blocks: ['context_actions'] } });
  try {
    const client = testClient(old);
    const root = await client.chat.postMessage({ channel, text: 'root' });
    const { chat: plain } = chatOf(old);
    await plain.findings({ ...incident, slack: { team: old.team.id, channel, threadTs: root.ts ?? '' } }, 0, [finding], []);
    const posted = (await messagesOf(old, channel, `?thread_ts=${root.ts}`)).at(-1);
    expect(JSON.stringify(posted?.['blocks'])).not.toContain('feedback_buttons');
    expect(readable({ blocks: posted?.['blocks'] as unknown[] })).toContain('very likely (94%)');
  } finally {
    await old.close();
  }
});

test('what is said is said once per key, with text from outside inert', async () => {
  await chat.say(incident, 'a', '<!channel> look');
  await chat.say(incident, 'a', '<!channel> look');
  expect(await texts()).toEqual(['&lt;!channel&gt; look']);
});

test('the result names outcome and plan', async () => {
  await chat.result({ ...incident, outcome: 'resolved' }, 'checkout works again', { ...shown, state: 'done' });
  expect((await texts())[0]).toContain('Resolved and verified\ncheckout works again');
});

test('the first reply is one message, whatever state it goes through', async () => {
  const reply = createFirstReply(build().poster);
  const event = {
    dedupeKey: 'Ev1',
    origin: { team: slack.team.id, channel, user: 'U0ALICE', ts: incident.slack?.threadTs ?? '', threadTs: null },
  };
  await reply(event, 'queued');
  await reply(event, 'looking');
  await reply(event, 'looking');
  expect(await texts()).toEqual(['Looking into it…']);
});

test('links lead to the public address', () => {
  expect(createLinks('https://wk.example/').plan('a/b')).toBe(`${links.plan('a/b')}`);
  expect(createLinks(null).plan('x')).toBeNull();
});

test('a picture of the evidence follows the findings, with words for those who do not see it, and holds up nothing', async () => {
  const drawn = Promise.withResolvers<void>();
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
  const drawEvidence = async () => {
    await drawn.promise;
    return { filename: 'evidence.png', title: 'Evidence', alt: `A graph. ${'s3cr3t-made-up '.repeat(200)}`, png };
  };
  const { chat: drawing, enclosures } = chatOf(slack, { drawEvidence });
  for (let times = 0; times < 2; times += 1) await drawing.findings(incident, 0, [finding], []);
  await drawing.card(incident, shown);
  expect(await texts()).toHaveLength(2);
  drawn.resolve();
  await enclosures.settled();
  const [file, ...more] = (await thread()).flatMap((message) => (message['files'] as Record<string, unknown>[]) ?? []);
  expect(more).toEqual([]);
  expect(file).toMatchObject({ name: 'evidence.png', filetype: 'png', alt_txt: expect.stringMatching(/^A graph\. \[redacted\]/) });
  expect(new Uint8Array(await (await fetch(String(file?.['url_private']))).arrayBuffer())).toEqual(png);
});

test('a picture that cannot be drawn, or that Slack does not take, is no error', async () => {
  const { chat: failing, enclosures } = chatOf(slack, { drawEvidence: () => Promise.reject(new Error('made up')) });
  await failing.findings(incident, 0, [finding], []);
  await enclosures.settled();
  expect(await texts()).toHaveLength(1);
});

test('pictures of panels follow the findings, each once; one whose bytes were changed on their way is left out', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
  const input = { dashboard: 'shop', panel: 4, from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T04:00:00.000Z' };
  const picture = pngOf(pixel);
  const outputs = new Map<string, unknown>([
    ['a'.repeat(64), picture],
    ['b'.repeat(64), { ...picture, base64: picture.base64.replace('AAAA', 'AAAB') }],
  ]);
  const listForIncident = async () => [...outputs.keys()].map((id) => ({ id, operation: 'grafana.panel_image', status: 'ok' as const }));
  const get = async (id: string) => Observation.parse({ ...observed, operation: 'grafana.panel_image', input, output: outputs.get(id) });
  const { chat: showing, enclosures } = chatOf(slack, { panelsOf: createPanels({ listForIncident, get }) });
  for (let times = 0; times < 2; times += 1) {
    await showing.findings(incident, 0, [finding], []);
    await enclosures.settled();
  }
  const [file, ...more] = (await thread()).flatMap((message) => (message['files'] as Record<string, unknown>[]) ?? []);
  expect(more).toEqual([]);
  expect(file).toMatchObject({ name: 'panel-shop-4.png', alt_txt: expect.stringMatching(/^Panel 4 of dashboard shop at shop, from 2026/) });
  expect(Buffer.from(await (await fetch(String(file?.['url_private']))).arrayBuffer()).toString('base64')).toBe(pixel);
});

/** Made up. */
const observed = {
  ...{ version: 1, callId: 'c', incidentId: 'i', site: 'shop', mode: 'run', status: 'ok', errorCode: null, exitCode: null },
  via: { kind: 'http', method: 'GET', url: 'http://grafana.example/', bodySha256: null },
  ...{ startedAt: '2026-01-02T04:00:00.000Z', finishedAt: '2026-01-02T04:00:01.000Z', stdout: '', stderr: '', truncated: false },
  ...{ redactions: 0, redactionVersion: 'x' },
};

describe('the postmortem', () => {
  const writePostmortem = async () => ({
    filename: 'postmortem.md',
    title: 'Postmortem: checkout',
    syntax: 'markdown',
    text: '## Summary\n\ns3cr3t-made-up',
  });

  test('is a canvas that the channel can go on writing, linked once in the thread', async () => {
    const { chat: writing, enclosures } = chatOf(slack, { writePostmortem });
    for (let times = 0; times < 2; times += 1) {
      await writing.result(incident, 'Done.', null);
      await enclosures.settled();
    }
    expect(calls(slack, 'canvases.create')).toHaveLength(1);
    expect(calls(slack, 'canvases.access.set')).toMatchObject([{ access_level: 'write', channel_ids: [channel] }]);
    const [, linked, ...more] = await thread();
    expect(more).toEqual([]);
    const [, address = ''] = /<(\S+)\|Postmortem: checkout>/.exec(JSON.stringify(linked?.['blocks'])) ?? [];
    expect(await (await fetch(address)).text()).toBe('## Summary\n\n[redacted]');
  });

  test('is a snippet where the app may make no canvas', async () => {
    const poor = await startForTest({ unsupported: { scopes: ['canvases:write'] } });
    try {
      const root = await testClient(poor).chat.postMessage({ channel, text: 'root' });
      const there = { ...incident, slack: { team: poor.team.id, channel, threadTs: root.ts ?? '' } };
      const { chat: writing, enclosures } = chatOf(poor, { writePostmortem });
      await writing.result(there, 'Done.', null);
      await enclosures.settled();
      const files = (await messagesOf(poor, channel, `?thread_ts=${root.ts}`)).flatMap((message) => (message['files'] as object[]) ?? []);
      expect(files).toMatchObject([{ name: 'postmortem.md', mode: 'snippet' }]);
    } finally {
      await poor.close();
    }
  });
});
