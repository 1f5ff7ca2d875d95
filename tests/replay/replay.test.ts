import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTelemetry, type Telemetry } from '../../bot/telemetry/start.ts';
import { workflowBundle } from '../../bot/temporal/bundle.ts';
import { quietTemporal } from '../../bot/temporal/runtime.ts';
import { createRedactor } from '../../tools/redaction/index.ts';
import { readHistory, recordedFiles, replayOptions } from './replaying.ts';

const log = pino({ level: 'silent' });
const cache = fileURLToPath(new URL('../../node_modules/.cache/watchkeeper-tests/cache', import.meta.url));

let telemetry: Telemetry;
let bundle: string;

beforeAll(async () => {
  quietTemporal(log);
  telemetry = startTelemetry({
    serviceName: 'replay',
    role: 'worker',
    redact: createRedactor({ secrets: [], placeholderKey: Buffer.alloc(32) }),
  });
  bundle = await workflowBundle(cache, telemetry.temporalPlugins, log);
});
afterAll(() => telemetry?.shutdown());

const replay = (file: string, code: string) =>
  Worker.runReplayHistory(replayOptions(code, telemetry.temporalPlugins), readHistory(file), file);

test('every way of the workflows is here, with every workflow that it ran', () => {
  expect(recordedFiles()).toEqual([
    'bad-rollout-wrong-fix.change.json',
    'bad-rollout-wrong-fix.incident.json',
    'bad-rollout-wrong-fix.investigation.json',
    'bad-rollout.change.json',
    'bad-rollout.incident.json',
    'bad-rollout.investigation.json',
    'expiry.incident.json',
    'expiry.investigation.json',
    'healthy.incident.json',
    'healthy.investigation.json',
    'llm-investigation-first.incident.json',
    'llm-investigation-first.investigation.json',
    'llm-investigation.incident.json',
    'llm-investigation.investigation.json',
    'moved-target.change-2.json',
    'moved-target.change.json',
    'moved-target.incident.json',
    'moved-target.investigation-2.json',
    'moved-target.investigation.json',
    'rejected.incident.json',
    'rejected.investigation.json',
  ]);
});

test.each(recordedFiles())('%s replays with the present workflow code', async (file) => {
  await replay(file, bundle);
});

test.each([
  ['an activity that is left out', 'bad-rollout.incident.json', /await [\w.]+\.worker\.openThread\(incidentId\);/],
  [
    'a record of a step that is left out',
    'bad-rollout.change.json',
    /await put\(\{\s*state: 'running',\s*before: before\.observation\s*\}\);/,
  ],
])('%s is noticed', async (_, file, removed) => {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-replay-'));
  try {
    const changed = join(directory, 'workflows.js');
    cpSync(bundle, changed);
    const code = readFileSync(changed, 'utf8');
    expect(code).toMatch(removed);
    writeFileSync(changed, code.replace(removed, ''));
    await expect(replay(file, changed)).rejects.toBeInstanceOf(DeterminismViolationError);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
