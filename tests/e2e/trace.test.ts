import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { channels, eventually, slackUser, startTestSystem, type TestSystem } from './system.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

const spans: Span[] = [];
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
const variables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_BSP_SCHEDULE_DELAY'] as const;
let system: TestSystem | undefined;

/** The whole way of an incident; stopping sends what is left. */
beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '500';
  system = await startTestSystem({ scenario: 'bad-rollout' });
  const { hands, core } = system;
  const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy');
  const card = await hands.until(slackUser('alice'), thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  await hands.click(slackUser('alice'), card, 'plan.approve');
  await system.incident(thread, ({ state }) => state === 'closed');
  await eventually('an empty outbox', async () => (await core.store.outbox.depth()).length === 0);
  // The workflow ends a moment after the incident, and its span with it.
  await eventually('the span of the workflow', async () => spans.some(({ name }) => name === 'RunWorkflow:incident'), 20_000);
  await system.stop();
  system = undefined;
});
afterAll(async () => {
  await system?.stop();
  for (const name of variables) delete process.env[name];
  collector.close();
});

const byId = () => new Map(spans.map((span) => [span.spanId, span]));

/** Names from a span up to its root. */
function ancestry(span: Span): string[] {
  const known = byId();
  const names: string[] = [];
  for (let at: Span | undefined = span; at !== undefined; at = known.get(at.parentSpanId ?? '')) {
    names.push(at.name);
    if ((at.parentSpanId ?? '') !== '' && !known.has(at.parentSpanId ?? ''))
      names.push(`(a span that was not exported: ${at.parentSpanId})`);
  }
  return names;
}

function mention(): Span {
  const found = spans.find(({ name }) => name === 'receive slack.mention');
  if (found === undefined) throw new Error(`no mention among ${[...new Set(spans.map(({ name }) => name))].join(', ')}`);
  return found;
}

const inTrace = () => spans.filter(({ traceId }) => traceId === mention().traceId);

test.each([
  ['the inbox', /^inbox slack\.mention$/],
  ['the workflow', /^RunWorkflow:incident$/],
  ['its children', /^RunWorkflow:investigation$/],
  ['the change', /^RunWorkflow:change$/],
  ['activities', /^RunActivity:draftPlan$/],
  ['the runner', /^RunActivity:callTool$/],
  ['the program', /^run kubectl$/],
  ['the mirror of Linear', /^mirror linear /],
  ['the mirror of PagerDuty', /^mirror pagerduty /],
])('the trace of the mention leads to %s', (_, name) => {
  const found = inTrace().filter((span) => name.test(span.name));
  expect(
    found.map((span) => span.name),
    [...new Set(inTrace().map((span) => span.name))].join(', '),
  ).not.toEqual([]);
  for (const span of found) expect(ancestry(span).at(-1), ancestry(span).join(' < ')).toBe('receive slack.mention');
});

test('every span of the trace hangs on another one that was exported', () => {
  const orphans = inTrace().filter(({ parentSpanId }) => (parentSpanId ?? '') !== '' && !byId().has(parentSpanId ?? ''));
  expect(orphans.map((span) => ancestry(span).join(' < '))).toEqual([]);
});

test('a program runs below the runner, which runs below the workflow that asked', () => {
  const programs = inTrace().filter(({ name }) => name === 'run kubectl');
  expect(programs.length).toBeGreaterThan(5);
  for (const program of programs) {
    const names = ancestry(program);
    expect(names[1]).toBe('RunActivity:callTool');
    expect(
      names.some((name) => name === 'RunWorkflow:incident' || name === 'RunWorkflow:investigation' || name === 'RunWorkflow:change'),
      names.join(' < '),
    ).toBe(true);
  }
});

test('no workflow span is exported twice', () => {
  const ids = spans.map(({ spanId }) => spanId);
  expect(ids.length - new Set(ids).size).toBe(0);
});
