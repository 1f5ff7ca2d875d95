import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthenticationLinearError, InvalidInputLinearError, LinearClient, RatelimitedLinearError } from '@linear/sdk';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalLinear, startLinear } from './server.ts';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
let dir: string;
let linear: LocalLinear;
let client: LinearClient;
const start = async () => {
  linear = await startLinear({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'linear.db'), log: pino({ level: 'silent' }) });
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
