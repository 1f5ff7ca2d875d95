import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, expect, test } from 'vitest';
import { createHands, type Hands, hasAction, type SeenMessage } from '../../bot/sandbox/slack/hands.ts';
import { startTemporal } from '../../bot/sandbox/temporal.ts';
import { type Program, startProgram } from './program.ts';
import { channels, eventually, slackUser, temporaryDirectory, textOf } from './system.ts';

/** What the program printed about itself. */
interface Running {
  readonly program: Program;
  readonly hands: Hands;
  get(path: string): Promise<unknown>;
  rootOf(user: string): Promise<string>;
}

interface ListedIncident {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly planIds: readonly string[];
}

const started = new Set<Program>();
const directories = new Set<string>();

afterEach(async () => {
  for (const program of started) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
  started.clear();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  directories.clear();
});

async function up(directory: string): Promise<Running> {
  const program = startProgram(['up'], { WATCHKEEPER_DATA: directory, PORT: '0' });
  started.add(program);
  void program.ended.then(() => started.delete(program));
  const slack = await program.line(/Local Slack\s+(\S+)/);
  const api = await program.line(/Admin API\s+(\S+)\/v1\/incidents/);
  const token = await program.line(/Admin token \(a day\)\s+(\S+)/);
  await program.line(/(Ctrl-C stops everything)/);
  return {
    program,
    hands: createHands(slack),
    async get(path) {
      const response = await fetch(`${api}${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async rootOf(user) {
      const response = await fetch(`${slack}/ui/channels/${channels.incidents}/messages?user=${slackUser(user)}`);
      const { messages } = (await response.json()) as { messages: SeenMessage[] };
      expect(messages).toHaveLength(1);
      return messages[0]?.ts ?? '';
    },
  };
}

async function incidents(running: Running): Promise<readonly ListedIncident[]> {
  return ((await running.get('/v1/incidents')) as { items: ListedIncident[] }).items;
}

/** Comes up with its scripted incident, and runs until the plan waits. */
async function untilPlanWaits(directory: string): Promise<{ running: Running; id: string; root: string }> {
  const running = await up(directory);
  const waiting = await eventually('a waiting plan', async () =>
    (await incidents(running)).find(({ state }) => state === 'awaiting_approval'),
  );
  return { running, id: waiting.id, root: await running.rootOf('alice') };
}

/** The second run: the same incident and plan, which alice now approves. */
async function approveAndResolve(directory: string, first: { id: string; root: string }): Promise<Running> {
  const second = await up(directory);
  expect((await incidents(second)).map(({ id, state }) => [id, state])).toEqual([[first.id, 'awaiting_approval']]);
  expect(await second.rootOf('alice')).toBe(first.root);
  const card = await second.hands.until(slackUser('alice'), channels.incidents, first.root, (message) =>
    hasAction(message, 'plan.approve'),
  );
  await second.hands.click(slackUser('alice'), card, 'plan.approve');
  const closed = await eventually('the end', async () => (await incidents(second)).find(({ state }) => state === 'closed'));
  expect(closed).toMatchObject({ id: first.id, outcome: 'resolved', planIds: [expect.any(String)] });
  await second.hands.until(slackUser('alice'), channels.incidents, first.root, (message) =>
    textOf(message).includes('Resolved and verified'),
  );
  return second;
}

/** Every run of an incident's workflow that the engine knows, read after everything stopped. */
async function workflowRuns(directory: string): Promise<readonly string[]> {
  const engine = await startTemporal({
    dbFile: join(directory, 'temporal.db'),
    logFile: join(directory, 'temporal.log'),
    searchPath: process.env['PATH'] ?? '',
    port: 0,
    progress: () => {},
  });
  const connection = await Connection.connect({ address: engine.address });
  const runs: string[] = [];
  for await (const { runId } of new Client({ connection }).workflow.list({ query: "WorkflowType = 'incident'" })) runs.push(runId);
  await connection.close();
  await engine.close();
  return runs;
}

test.each([
  ['stopped with Ctrl-C', 'SIGINT', 0],
  ['killed', 'SIGKILL', null],
] as const)('a system that was %s while a plan waited goes on where it was', async (_, signal, status) => {
  const directory = temporaryDirectory();
  directories.add(directory);
  const first = await untilPlanWaits(directory);
  first.running.program.child.kill(signal);
  expect(await first.running.program.ended).toBe(status);
  const second = await approveAndResolve(directory, first);
  second.program.child.kill('SIGINT');
  expect(await second.program.ended).toBe(0);
  expect(await workflowRuns(directory)).toHaveLength(1);
});
