import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningRole, running, workerQueue } from '../../bot/roles/worker.ts';
import { startTemporal } from '../../bot/sandbox/temporal.ts';
import { silent, testRedactor } from '../../bot/store/testing.ts';
import { startTelemetry, type Telemetry } from '../../bot/telemetry/start.ts';
import { workflowBundle } from '../../bot/temporal/bundle.ts';
import { dataConverter } from '../../bot/temporal/connect.ts';
import { quietTemporal } from '../../bot/temporal/runtime.ts';
import type { Check, OperationCall, ToolAnswer, ToolCall } from '../../tools/contract.ts';
import type { RunnerActivities, StepRun, WorkerActivities } from '../../workflows/contracts/activities.ts';
import type { StepRecord } from '../../workflows/contracts/plan.ts';

/**
 * A change by pull request, and what happens while it waits to be merged: the real workflow on a real engine. Its activities are those of a
 * forge with one request; how a real one is asked, tests/real/gitops.test.ts shows.
 */
const cache = fileURLToPath(new URL('../../node_modules/.cache/watchkeeper-tests/cache', import.meta.url));
const converter = dataConverter([Buffer.alloc(32, 7)], 'default');
const namespace = 'default';
const site = 'git';

const state: OperationCall = { operation: 'github.change_state', input: { repository: 'acme/shop' } };
const standing = (title: string, value: string): Check => ({
  ...{ ...state, title, expect: [{ pointer: '/standing', op: 'eq', value }], withinSeconds: 3_600, stableSeconds: 0 },
  decidedAgainst: value === 'merged' ? [{ pointer: '/standing', op: 'eq', value: 'closed' }] : [],
});
const step: StepRun = {
  ...{ id: 's1', site, operation: 'github.change', input: { repository: 'acme/shop' }, state, dryRun: null, noRollbackReason: null },
  probe: [{ pointer: '/present', op: 'eq', value: true }],
  untouched: [{ pointer: '/standing', op: 'eq', value: 'none' }],
  verification: [standing('People have merged it', 'merged')],
  rollback: {
    call: { operation: 'github.withdraw', input: { repository: 'acme/shop' } },
    verification: [standing('The request is closed', 'closed')],
  },
};

/** What the forge has, and what was asked of it and told about it, in order. */
interface Forge {
  standing: 'none' | 'open' | 'merged' | 'closed';
  readonly writes: string[];
  readonly told: string[];
  readonly records: StepRecord[];
  /** How often it was looked at since it is open. */
  looks: number;
}

let forge: Forge;
let directory: string;
let temporal: Awaited<ReturnType<typeof startTemporal>>;
let connection: NativeConnection;
let client: Client;
let bundle: string;
let telemetry: Telemetry;
let runner: RunningRole;
let worker: RunningRole;

async function callTool({ callId, mode, operation }: ToolCall): Promise<ToolAnswer> {
  if (mode === 'run' && operation !== state.operation) {
    forge.writes.push(operation);
    forge.standing = operation === 'github.withdraw' ? 'closed' : 'open';
  } else if (mode === 'run' && forge.standing === 'open') forge.looks += 1;
  const output = { standing: forge.standing, present: forge.standing === 'open' || forge.standing === 'merged' };
  return { status: 'ok', callId, observation: 'a'.repeat(64), output };
}

const activities: Pick<WorkerActivities, 'stepRuns' | 'authorizeStep' | 'burnGrant' | 'recordStep' | 'tellThatItWaits'> = {
  stepRuns: async () => [step],
  authorizeStep: async ({ incidentId, direction, stepId }) => {
    const { operation, input } = direction === 'forward' ? step : (step.rollback?.call ?? step);
    const call: ToolCall = {
      ...{ version: 1, callId: `${stepId}-${direction}`, incidentId, site, operation, input, mode: 'run', grant: 'made-up' },
      ...{ deadline: new Date(Date.now() + 60_000).toISOString(), registry: 'a'.repeat(64) },
    };
    return { kind: 'granted', call, grantId: direction };
  },
  burnGrant: async () => false,
  recordStep: async (record) => void forge.records.push(record),
  tellThatItWaits: async (_planId, { direction }) => void forge.told.push(direction),
};

async function startWorker(): Promise<RunningRole> {
  const ofWorkflows = { connection, namespace, dataConverter: converter, workflowBundle: { codePath: bundle } };
  const { temporalPlugins: plugins } = telemetry;
  return running(
    await Worker.create({ ...ofWorkflows, taskQueue: workerQueue, activities, plugins, stickyQueueScheduleToStartTimeout: '1s' }),
  );
}

beforeAll(async () => {
  quietTemporal(silent);
  telemetry = startTelemetry({ serviceName: 'merge-wait', role: 'worker', redact: testRedactor });
  directory = mkdtempSync(join(tmpdir(), 'wk-merge-'));
  const files = { dbFile: join(directory, 'temporal.db'), logFile: join(directory, 'temporal.log'), port: 0, progress: () => {} };
  [temporal, bundle] = await Promise.all([
    startTemporal({ ...files, searchPath: process.env['PATH'] ?? '' }),
    // As the product builds it: the file is kept for others.
    workflowBundle(cache, telemetry.temporalPlugins, silent),
  ]);
  const { address } = temporal;
  connection = await NativeConnection.connect({ address });
  client = new Client({ connection: await Connection.connect({ address }), namespace, dataConverter: converter });
  const tools: RunnerActivities = { callTool };
  const ofTools = { connection, namespace, dataConverter: converter, taskQueue: `tools-${site}` };
  runner = running(await Worker.create({ ...ofTools, activities: { ...tools } }));
  worker = await startWorker();
});
afterAll(async () => {
  await worker?.stop();
  await runner?.stop();
  await client?.connection.close();
  await connection?.close();
  await temporal?.close();
  await telemetry?.shutdown();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  forge = { standing: 'none', writes: [], told: [], records: [], looks: 0 };
});

/** A change whose request waits to be merged, looked at twice. */
async function waiting(planId: string): Promise<WorkflowHandle> {
  const args = [{ incidentId: 'an-incident', planId }];
  const handle = await client.workflow.start('change', { taskQueue: workerQueue, workflowId: `change:${planId}`, args });
  await expect.poll(() => forge.looks, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  return handle;
}

const states = () => forge.records.map((record) => record.state);

test('a worker that is restarted goes on to wait: the request is not asked for again, nobody is told twice, and its merge is seen', async () => {
  const handle = await waiting('restarted');
  await worker.stop();
  forge.standing = 'merged';
  worker = await startWorker();
  expect(await handle.result()).toMatchObject({ outcome: 'resolved' });
  expect(forge.writes).toEqual(['github.change']);
  expect(forge.told).toEqual(['forward']);
  expect(states()).toEqual(['running', 'done']);
});

test('Stop ends the wait at once: the request is withdrawn, once, and that is recorded', async () => {
  const handle = await waiting('stopped');
  await handle.signal('halt');
  expect(await handle.result()).toMatchObject({
    outcome: 'rolled_back',
    summary: 'Cancelled by a person. The change was rolled back, and that is verified.',
  });
  expect(forge.writes).toEqual(['github.change', 'github.withdraw']);
  expect(states()).toEqual(['running', 'failed', 'rolled_back']);
  expect(forge.records[1]?.reason).toBe('Cancelled by a person');
});

test('Stop while the worker is away is dealt with when it is back', async () => {
  const handle = await waiting('stopped-away');
  await worker.stop();
  await handle.signal('halt');
  worker = await startWorker();
  expect(await handle.result()).toMatchObject({ outcome: 'rolled_back' });
  expect(forge.writes).toEqual(['github.change', 'github.withdraw']);
  expect(states()).toEqual(['running', 'failed', 'rolled_back']);
});
