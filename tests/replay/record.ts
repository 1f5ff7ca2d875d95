import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { playScenario } from '../../bot/up/scenario.ts';
import { eventually, startTestSystem } from '../e2e/system.ts';
import { historiesDirectory, historyToText, recordedPayloadKey } from './replaying.ts';

/** Plays a scenario, waits until its workflows are over, and writes their histories. */
async function record(name: string): Promise<void> {
  const system = await startTestSystem({ scenario: name, env: { PAYLOAD_KEY: recordedPayloadKey } });
  const { address, namespace } = system.parts.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const scenario = system.parts.estate?.scenario;
  if (scenario === undefined) throw new Error('the simulated estate did not start');
  await playScenario(system, scenario, scenario.votes, () => {});
  await eventually('all workflows over', async () => (await client.workflow.count("ExecutionStatus = 'Running'")).count === 0);
  mkdirSync(historiesDirectory, { recursive: true });
  const seen = new Map<string, number>();
  // Newest first: the last of several of one type has the plain name.
  for await (const { workflowId, runId, type } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const count = (seen.get(type) ?? 0) + 1;
    seen.set(type, count);
    writeFileSync(join(historiesDirectory, `${name}.${type}${count === 1 ? '' : `-${count}`}.json`), historyToText(history));
  }
  await connection.close();
  await system.stop();
}

/** Together they take every way that the workflows have. `llm-investigation-first` is of before findings were shown first, and stays. */
const recorded = ['bad-rollout', 'bad-rollout-wrong-fix', 'rejected', 'healthy', 'moved-target', 'expiry', 'llm-investigation'];

/** `node tests/replay/record.ts` records these scenarios anew, each in a process of its own; `… NAME` records one. */
const [, , wanted] = process.argv;
if (wanted !== undefined) await record(wanted);
else for (const name of recorded) execFileSync(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: 'inherit' });
