import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, execute, type GraphQLSchema, isEnumType, isInputObjectType, isObjectType, parse, validate } from 'graphql';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLinearIssues } from '../../../bot/approvals/linear-issue.ts';
import { stableUuid } from '../../../bot/mirrors/key.ts';
import { createLinearAgent } from '../../../bot/mirrors/linear/agent/client.ts';
import { createLinearClient } from '../../../bot/mirrors/linear/client.ts';
import { assistantLabels } from '../../../bot/mirrors/linear/labels.ts';
import { loadSchema } from '../../../bot/sandbox/linear/execute.ts';
import { type LocalLinear, startLinear } from '../../../bot/sandbox/linear/server.ts';
import type { Exchange } from '../../../bot/sandbox/linear/types.ts';
import { notice, published, readPublished } from './published.ts';

/** In the SDK's documents, and newer than the published file. */
const newer = new Set(['Team.viewerCanJoin', 'Team.viewerCanLeave', 'Team.viewerMembership', 'IssueLabel.groupType']);
const newerTypes = new Set(['LabelGroupType']);

const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-contract-'));
const exchanges: Exchange[] = [];
let linear: LocalLinear;
let schema: GraphQLSchema | null = null;

beforeAll(async () => {
  if (published) schema = buildSchema(readPublished('linear.schema.graphql'), { assumeValidSDL: true });
  linear = await startLinear({
    host: '127.0.0.1',
    port: 0,
    dataFile: join(dir, 'linear.db'),
    users: [{ id: '5a0db0c5-0000-4000-8000-000000000001', handle: 'ann', name: 'Ann', email: 'ann@shop.example' }],
    log: pino({ level: 'silent' }),
    onExchange: (one) => void exchanges.push(one),
  });
  const client = createLinearClient(linear);
  const labels = await client.labelIds(assistantLabels);
  const issue = await client.ensureIssue({ id: stableUuid('issue'), title: 'checkout fails', description: 'since 10:00', priority: 1 });
  await client.ensureIssue({ id: issue.id, title: 'checkout fails', description: 'since 10:00', priority: 1 });
  await client.ensureComment({ id: stableUuid('comment'), issueId: issue.id, body: 'Plan proposed' });
  await client.ensureComment({ id: stableUuid('comment'), issueId: issue.id, body: 'Plan proposed' });
  await client.putComment({ id: stableUuid('checklist'), issueId: issue.id, body: '- [ ] Step 1' });
  await client.putComment({ id: stableUuid('checklist'), issueId: issue.id, body: '- [x] Step 1' });
  const metadata = { incident: 'i1', workflow: 'incident:i1' };
  await client.attach({ issueId: issue.id, title: 'Slack thread', url: 'https://slack.example/archives/C1/p1', metadata });
  const document = { id: stableUuid('document'), issueId: issue.id, title: 'Postmortem', content: '## Summary' };
  await client.ensureDocument(document);
  await client.ensureDocument(document);
  await client.relabel(issue.id, [labels.get('assistant:approved') ?? ''], [labels.get('assistant:rejected') ?? '']);
  await client.setState(issue.id, 'completed');
  await createLinearIssues(linear).read(issue.id);
  await talk(issue.id);
});

/** Every kind of activity, in a session that a person began. */
async function talk(issueId: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const begun = { method: 'POST', headers, body: JSON.stringify({ user: 'ann', words: 'look' }) };
  const { id: sessionId } = (await (await fetch(new URL(`/ui/issues/${issueId}/sessions`, linear.apiUrl), begun)).json()) as { id: string };
  const agent = createLinearAgent(linear);
  for (const type of ['thought', 'elicitation', 'response', 'error'] as const)
    await agent.say({ id: stableUuid(type), sessionId, content: { type, body: 'words' } });
  const content = { type: 'action', action: 'Execute', parameter: 'kubernetes.rollout_undo', result: 'done' } as const;
  await agent.say({ id: stableUuid('action'), sessionId, content });
  await agent.say({ id: stableUuid('action'), sessionId, content });
  await agent.showPlan(sessionId, [{ content: 'Return checkout to revision 2', status: 'inProgress' }]);
}

afterAll(async () => {
  await linear.close();
  rmSync(dir, { recursive: true, force: true });
});

test('every operation that is sent is valid in the published schema', ({ skip }) => {
  if (schema === null) return skip(notice);
  expect(exchanges.length).toBeGreaterThan(10);
  for (const { query } of exchanges) expect(validate(schema, parse(query))).toEqual([]);
});

test('every answer could have come from the published schema', async ({ skip }) => {
  if (schema === null) return skip(notice);
  const answered = exchanges.filter((exchange) => exchange.status === 200);
  expect(answered.length).toBeGreaterThan(8);
  for (const { query, variables, response } of answered) {
    const { data } = response as { data: Record<string, unknown> };
    expect(await execute({ schema, document: parse(query), variableValues: variables, rootValue: data })).toEqual({ data });
  }
});

test('the stand-in has nothing that the published schema has otherwise', ({ skip }) => {
  if (schema === null) return skip(notice);
  const differences: string[] = [];
  for (const type of Object.values(loadSchema().getTypeMap())) {
    const theirs = schema.getType(type.name);
    if (type.name.startsWith('__') || newerTypes.has(type.name)) continue;
    if (theirs === undefined) differences.push(type.name);
    if (isEnumType(type) && isEnumType(theirs))
      differences.push(
        ...type
          .getValues()
          .filter((value) => theirs.getValue(value.name) === undefined)
          .map((value) => `${type.name}.${value.name}`),
      );
    if (!(isObjectType(type) && isObjectType(theirs)) && !(isInputObjectType(type) && isInputObjectType(theirs))) continue;
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`;
      if (!newer.has(name) && String(theirs.getFields()[field.name]?.type) !== String(field.type)) differences.push(name);
    }
  }
  expect(differences).toEqual([]);
});
