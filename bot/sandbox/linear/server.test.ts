import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthenticationLinearError, InvalidInputLinearError, LinearClient, RatelimitedLinearError } from '@linear/sdk';
import { LinearWebhookClient } from '@linear/sdk/webhooks';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalLinear, startLinear } from './server.ts';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const ann = '5a0db0c5-0000-4000-8000-000000000001';
const robot = '5a0db0c5-0000-4000-8000-000000000002';
let dir: string;
let linear: LocalLinear;
let client: LinearClient;
const start = async () => {
  linear = await startLinear({
    host: '127.0.0.1',
    port: 0,
    dataFile: join(dir, 'linear.db'),
    users: [
      { id: ann, handle: 'ann', name: 'Ann', email: 'ann@shop.example' },
      { id: robot, handle: 'robot', name: 'Robot', email: 'robot@shop.example', app: true },
    ],
    retryAfterMs: [10, 10],
    log: pino({ level: 'silent' }),
  });
  client = new LinearClient({ apiKey: linear.apiKey, apiUrl: linear.apiUrl });
};
const team = async () => (await client.teams({ filter: { key: { eq: linear.teamKey } } })).nodes[0]?.id ?? '';

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-linear-'));
  await start();
});
afterEach(async () => {
  await linear.close();
  rmSync(dir, { recursive: true, force: true });
});

test("the SDK's own documents are answered whole", async () => {
  const teamId = await team();
  const label = await client.createIssueLabel({ name: 'assistant:approved', teamId });
  const { issueId } = await client.createIssue({ teamId, title: 'checkout fails', labelIds: [label.issueLabelId ?? ''] });
  await client.createComment({ issueId: issueId ?? '', body: 'Plan proposed' });
  const issue = await client.issue(`${linear.teamKey}-1`);
  expect(issue.id).toBe(issueId);
  expect(issue.labelIds).toEqual([label.issueLabelId]);
  expect((await client.issueLabels({ filter: { name: { startsWith: 'assistant:' } } })).nodes.map((one) => one.name)).toEqual([
    'assistant:approved',
  ]);
  expect((await client.issues({ filter: { team: { key: { eq: linear.teamKey } } } })).nodes).toHaveLength(1);
  expect((await client.workflowStates()).nodes.map((state) => state.type)).toEqual([
    'backlog',
    'unstarted',
    'started',
    'completed',
    'canceled',
  ]);
  expect((await client.viewer).name).toBe('Watchkeeper');
});

test('an id is taken once, and has to be a UUID of version 4', async () => {
  const teamId = await team();
  await client.createIssue({ teamId, title: 'a', id });
  await expect(client.createIssue({ teamId, title: 'b', id })).rejects.toThrow(InvalidInputLinearError);
  await expect(client.createIssue({ teamId, title: 'b', id: id.replace('-41d3', '-11d3') })).rejects.toThrow(InvalidInputLinearError);
  expect((await client.issues()).nodes).toHaveLength(1);
});

test('labels are added and removed beside those that are there', async () => {
  const teamId = await team();
  const [a, b] = await Promise.all(['a', 'b'].map(async (name) => (await client.createIssueLabel({ name, teamId })).issueLabelId ?? ''));
  await client.createIssue({ teamId, title: 'x', id, labelIds: [a ?? ''] });
  await client.updateIssue(id, { addedLabelIds: [b ?? ''], removedLabelIds: [a ?? ''] });
  expect((await client.issue(id)).labelIds).toEqual([b]);
  await expect(client.updateIssue(id, { addedLabelIds: [teamId] })).rejects.toThrow(InvalidInputLinearError);
});

test('refusals are those that the SDK knows', async () => {
  await expect(new LinearClient({ apiKey: 'wrong', apiUrl: linear.apiUrl }).viewer).rejects.toThrow(AuthenticationLinearError);
  await expect(client.issue('SRE-99')).rejects.toThrow(InvalidInputLinearError);
  linear.faults.rateLimit('viewer', 1, 3);
  const error: unknown = await client.viewer.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RatelimitedLinearError);
  expect((error as RatelimitedLinearError).retryAfter).toBe(3);
});

test('credentials and issues survive a restart', async () => {
  const { apiKey } = linear;
  await client.createIssue({ teamId: await team(), title: '<b>checkout</b>', id });
  await linear.close();
  await start();
  expect(linear.apiKey).toBe(apiKey);
  expect((await client.issue(id)).title).toBe('<b>checkout</b>');
  expect(await (await fetch(new URL('/', linear.apiUrl))).text()).toContain('SRE-1 &lt;b&gt;checkout&lt;/b&gt;');
});

async function labelled(): Promise<string> {
  const teamId = await team();
  const { issueLabelId } = await client.createIssueLabel({ name: 'assistant:approved', teamId });
  await client.createIssue({ teamId, title: 'x', id });
  return issueLabelId ?? '';
}

const as = (body: object, headers: Record<string, string> = {}) =>
  fetch(new URL(`/ui/issues/${id}/labels`, linear.apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('the history has who put labels on and took them off, newest first', async () => {
  const labelId = await labelled();
  await as({ user: 'ann', add: 'assistant:approved' });
  await as({ user: 'integration', remove: 'assistant:approved' });
  await as({ user: 'robot', add: 'assistant:approved' });
  await as({ user: 'nobody', remove: 'assistant:approved' });
  await client.issueAddLabel(id, labelId);
  const { nodes } = await (await client.issue(id)).history();
  expect(
    nodes.map((entry) => [entry.actorId ?? null, entry.botActor?.type ?? null, entry.addedLabelIds ?? null, entry.removedLabelIds ?? null]),
  ).toEqual([
    [(await client.viewer).id, null, [labelId], null],
    [null, null, null, [labelId]],
    [robot, null, [labelId], null],
    [null, 'github', null, [labelId]],
    [ann, null, [labelId], null],
  ]);
});

test('people act on the page with a form, or with JSON; pages of others may not', async () => {
  await labelled();
  const page = await (await fetch(new URL('/?as=ann', linear.apiUrl))).text();
  expect(page).toContain('<button name="add" value="assistant:approved">');
  const form = await fetch(new URL(`/ui/issues/${id}/labels`, linear.apiUrl), {
    method: 'POST',
    body: new URLSearchParams({ user: 'ann', add: 'assistant:approved' }),
    redirect: 'manual',
  });
  expect([form.status, form.headers.get('location')]).toEqual([303, '/?as=ann']);
  expect(await (await fetch(new URL('/?as=ann', linear.apiUrl))).text()).toContain('<button name="remove" value="assistant:approved">');
  expect((await as({ user: 'ann', remove: 'assistant:approved' }, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await as({ user: 'who', remove: 'assistant:approved' })).status).toBe(404);
  expect((await as({ user: 'ann' })).status).toBe(400);
});

test("webhooks hold what the SDK's own verification demands, and are sent again until they are taken", async () => {
  const got: { delivery: unknown; body: Buffer; signature: string }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = String(request.headers['linear-signature']);
      got.push({ delivery: request.headers['linear-delivery'], body: Buffer.concat(chunks), signature });
      response.writeHead(got.length < 3 ? 503 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  const labelId = await labelled();
  linear.webhooks.to(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
  await as({ user: 'ann', add: 'assistant:approved' });
  await expect.poll(() => got.length).toBe(3);
  await expect.poll(() => linear.webhooks.pending()).toBe(0);
  expect(new Set(got.map(({ delivery }) => delivery)).size).toBe(1);
  const webhooks = new LinearWebhookClient(linear.webhookSecret);
  for (const { body, signature } of got)
    expect(webhooks.parseData(body, signature)).toMatchObject({
      action: 'update',
      type: 'Issue',
      actor: { id: ann, type: 'user' },
      data: { id, labelIds: [labelId] },
      updatedFrom: { labelIds: [] },
    });
  receiver.close();
});

test('sessions that people begin and stop are told in the shape of the real webhooks', async () => {
  const got: { body: Buffer; signature: string; event: string }[] = [];
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { 'linear-signature': signature, 'linear-event': event } = request.headers;
    got.push({ body: Buffer.concat(chunks), signature: String(signature), event: String(event) });
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const hand = async (path: string, body: object) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await fetch(new URL(path, linear.apiUrl), init)).json() as Promise<{ id: string }>;
  };
  const issue = await hand('/ui/issues', { user: 'ann', title: 'checkout fails' });
  linear.webhooks.to(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
  const { id: sessionId } = await hand(`/ui/issues/${issue.id}/sessions`, { user: 'ann', words: 'look' });
  await hand(`/ui/sessions/${sessionId}/prompts`, { user: 'ann', stop: 'yes' });
  await expect.poll(() => got.length).toBe(2);
  const webhooks = new LinearWebhookClient(linear.webhookSecret);
  const events = got.map(({ body, signature }) => webhooks.parseData(body, signature));
  expect(got.map(({ event }) => event)).toEqual(['AgentSessionEvent', 'AgentSessionEvent']);
  expect(events[0]).toMatchObject({
    action: 'created',
    agentSession: { id: sessionId, creatorId: ann, issue: { title: 'checkout fails' }, comment: { body: 'look' } },
  });
  const page = await (await fetch(new URL('/?as=ann', linear.apiUrl))).text();
  expect(page).toContain('Agent session, ');
  expect(page).toContain('prompt (stop)');
  expect(events[1]).toMatchObject({ action: 'prompted', agentActivity: { signal: 'stop', userId: ann, content: { type: 'prompt' } } });
  receiver.close();
});
