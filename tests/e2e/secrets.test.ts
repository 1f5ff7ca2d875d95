import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate } from '../../bot/sandbox/estate/estate.ts';
import { imageOf } from '../../bot/sandbox/estate/model/faults.ts';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { channels, eventually, slackUser, startTestSystem, type TestSystem, temporaryDirectory, textOf } from './system.ts';

/** Made up for this test, in parts so that no scanner takes them for real. Each says by its name where it was put. */
const canaries = {
  mentionAwsId: `AKIA${'W4TCHKEEPERFAKE1'}`,
  mentionAwsSecret: `wK4madeUpForThisTest${'/Q7zR+xN2vB5cM8lJd1s'}`,
  mentionGithub: `ghp_${'Wk0madeUpForThisTestMention000000001'}`,
  mentionBearer: `wkBearer.${'madeUpForThisTest0123456789'}`,
  envPassword: `Wk-m4de-up-${'env-Passw0rd'}`,
  envGithub: `ghp_${'Wk0madeUpForThisTestEnv0000000000002'}`,
  envUrlPassword: `Wk-m4de-up-${'url-Passw0rd'}`,
  changeCauseSlack: `xoxb-${'384756102938-561029384756-wkM4deUpF0rTh1sTestQz9X7'}`,
  logBearer: `wkLogBearer.${'madeUpForThisTest9876543210'}`,
  logAwsId: `AKIA${'W4TCHKEEPERFAKE2'}`,
} as const;

const mention = [
  'checkout is failing since the last deploy.',
  `I used AWS_ACCESS_KEY_ID=${canaries.mentionAwsId} AWS_SECRET_ACCESS_KEY=${canaries.mentionAwsSecret}`,
  `and ${canaries.mentionGithub} with Authorization: Bearer ${canaries.mentionBearer}`,
].join(' ');

/** The line of the estate's crash log to which the secrets are added. */
const crashLine = 'configuration is incomplete';

let system: TestSystem;
let incidentId: string;

/** A shop whose newest revision crashes, with secrets in its environment, its change cause and its log. */
async function plantInEstate(directory: string): Promise<void> {
  const dir = join(directory, 'estate');
  const estate = await startEstate({ dir, scenario: 'healthy', log: pino({ level: 'silent' }) });
  estate.apply({
    type: 'rollout',
    deployment: 'checkout',
    image: imageOf('checkout', '1.8.0'),
    env: {
      DB_PASSWORD: canaries.envPassword,
      GITHUB_TOKEN: canaries.envGithub,
      DATABASE_URL: `postgres://shop:${canaries.envUrlPassword}@db.shop.example/shop`,
    },
    changeCause: `deploy with ${canaries.changeCauseSlack}`,
  });
  await eventually('a crashing pod', async () =>
    estate.state().pods.some(({ fault, attempts }) => fault?.kind === 'crash' && attempts > 1),
  );
  await estate.close();
  const file = join(dir, 'estate.json');
  const kept = readFileSync(file, 'utf8');
  const leaking = `${crashLine} Authorization: Bearer ${canaries.logBearer} key=${canaries.logAwsId}`;
  expect(kept).toContain(crashLine);
  writeFileSync(file, kept.replaceAll(crashLine, leaking));
}

beforeAll(async () => {
  const directory = temporaryDirectory();
  await plantInEstate(directory);
  system = await startTestSystem({ scenario: 'healthy', directory, env: { LOG_LEVEL: 'trace' } });
  const thread = await system.mention('erin', channels.incidents, mention);
  const card = await system.hands.until(slackUser('alice'), thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  await system.hands.click(slackUser('alice'), card, 'plan.details');
  await eventually('the details', async () => system.slack.ledger().some(({ method }) => method === 'views.open'));
  await system.hands.clickAndFill(slackUser('alice'), card, 'plan.reject', { reason: { value: `no: ${canaries.mentionGithub}` } });
  const closed = await system.incident(thread, ({ state }) => state === 'closed');
  expect(closed.incident.outcome).toBe('rejected');
  incidentId = closed.incident.id;
  await eventually('an empty outbox', async () => (await system.core.store.outbox.depth()).length === 0);
});
afterAll(() => system?.stop());

/** Every way a value could be kept: as it is, and in base64. */
const needles = Object.entries(canaries).flatMap(([name, value]) => [
  { name, text: value },
  { name: `${name} (base64)`, text: Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -2) },
]);

function leaks(text: string): string[] {
  return needles.filter((needle) => text.includes(needle.text)).map(({ name }) => name);
}

test('what was read did hold the secrets: without redaction they would be found', async () => {
  const observations = await system.core.store.observations.listForIncident(incidentId);
  const bodies = await Promise.all(observations.map(({ id }) => system.core.store.observations.get(id)));
  const text = JSON.stringify(bodies);
  for (const shown of ['DB_PASSWORD', 'GITHUB_TOKEN', 'DATABASE_URL', 'deploy with', crashLine]) expect(text, shown).toContain(shown);
  const state = JSON.stringify(system.parts.estate?.state());
  const planted = Object.entries(canaries).filter(([name]) => !name.startsWith('mention'));
  for (const [name, value] of planted) expect(state.includes(value), name).toBe(true);
});

test('no table of the database has one', async () => {
  const tables = await system.rows<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  );
  expect(tables.length).toBeGreaterThan(14);
  for (const { name } of tables) {
    const rows = await system.rows<Record<string, unknown>>(`SELECT * FROM "${name}"`);
    const text = JSON.stringify(rows, (_, value: unknown) => {
      const bytes = value as { type?: string; data?: number[] } | null;
      return bytes?.type === 'Buffer' ? Buffer.from(bytes.data ?? []).toString() : value;
    });
    expect(leaks(text), name).toEqual([]);
    if (name === 'incidents') expect(text).toContain('checkout is failing');
  }
});

test('no message, modal or call to Slack has one', () => {
  const calls = system.slack.ledger();
  expect(calls.filter(({ method }) => method === 'views.open')).toHaveLength(2);
  for (const call of calls) expect(leaks(JSON.stringify(call.arguments)), call.method).toEqual([]);
  expect(textOf({ text: JSON.stringify(calls), ts: '', channel: '' })).toContain('GITHUB_TOKEN');
});

test('neither Linear nor PagerDuty was sent one', () => {
  for (const peer of ['linear', 'pagerduty'] as const) {
    const calls = system.documents(peer, (documents) => documents.ledger());
    expect(calls.length, peer).toBeGreaterThan(3);
    expect(leaks(JSON.stringify(calls)), peer).toEqual([]);
  }
});

test('the log has none, at its most talkative', () => {
  const text = readFileSync(system.logFile, 'utf8');
  expect(text).toContain('tool call answered');
  expect(leaks(text)).toEqual([]);
});

interface RawPayload {
  readonly metadata?: Readonly<Record<string, Uint8Array>>;
  readonly data?: Uint8Array;
}

/** All payloads of a history but those of headers, which hold trace ids only. */
function payloadsIn(value: unknown): RawPayload[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) return [value as RawPayload];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'header' ? [] : payloadsIn(inner)));
}

test('the engine holds none: what histories carry is encrypted', async () => {
  const { address, namespace } = system.parts.temporal;
  const connection = await Connection.connect({ address });
  const { executions } = await connection.workflowService.listWorkflowExecutions({ namespace, query: '' });
  expect(executions?.map(({ type }) => type?.name).toSorted()).toEqual(['incident', 'investigation']);
  for (const { execution, type } of executions ?? []) {
    const { history } = await connection.workflowService.getWorkflowExecutionHistory({ namespace, execution: execution ?? null });
    const payloads = payloadsIn(history);
    expect(payloads.length, type?.name ?? '').toBeGreaterThan(10);
    for (const { metadata, data } of payloads) {
      expect(Buffer.from(metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
      expect(Buffer.from(data ?? []).toString('latin1')).not.toContain('checkout');
    }
    const everything = JSON.stringify(history, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(leaks(everything), type?.name ?? '').toEqual([]);
  }
  await connection.close();
});

test('no file that the program wrote has one, but for the stand-ins that were given it', () => {
  const given = /(^|\/)(estate|slack\.sqlite.*)(\/|$)/;
  const files = readdirSync(system.directory, { recursive: true, encoding: 'utf8' }).filter((name) => !given.test(name));
  const searched = files
    .map((name) => join(system.directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  expect(searched.length).toBeGreaterThan(100);
  for (const path of searched) expect(leaks(readFileSync(path, 'latin1')), path).toEqual([]);
});
