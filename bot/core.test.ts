import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleHash } from '../policy/decide.ts';
import { ConfigFile } from './config-file.ts';
import { type CoreOptions, createCore } from './core.ts';
import { bundleWithNote } from './policy/testing.ts';
import { archiveOf, type BundleServer, serving, startBundleServer } from './policy/testing-server.ts';
import { createTestDatabase, silent, type TestDatabase, testRedactor } from './store/testing.ts';
import { createMetrics } from './telemetry/metrics.ts';

let db: TestDatabase;
let server: BundleServer;
let directory: string;
beforeAll(async () => {
  [db, server] = await Promise.all([createTestDatabase(), startBundleServer()]);
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-core-'));
});
afterAll(async () => {
  await Promise.all([db.close(), server.leave()]);
  rmSync(directory, { recursive: true });
});

const optionsOf = (bundle: string): CoreOptions => ({
  databaseUrl: db.url,
  issuer: null,
  env: { POLICY_BUNDLE_TOKEN: 'made-up-token', WATCHKEEPER_DATA: directory },
  file: ConfigFile.parse({ policy: { bundle } }),
  redactor: testRedactor,
  sinks: [],
  metrics: createMetrics('test'),
  log: silent,
});

test("the operator's bundle decides in every part, is fetched with the token, kept, and shown by the metrics", async () => {
  const bundle = bundleWithNote('operator');
  server.answer = serving(archiveOf(bundle));
  const options = optionsOf(server.url);
  const core = await createCore(options);
  try {
    expect(core.policy.bundle).toBe(bundleHash(bundle));
    expect(core.livePolicy.status()).toMatchObject({ source: server.url, lastError: null });
    expect(server.seen[0]?.authorization).toBe('Bearer made-up-token');
    expect(existsSync(join(directory, 'policy-bundle.json'))).toBe(true);
    expect(await options.metrics.registry.metrics()).toContain(
      `watchkeeper_policy_bundle_info{bundle="${bundleHash(bundle)}",role="test"} 1`,
    );
  } finally {
    await core.close();
  }
});

test('without any bundle that may decide nothing starts', async () => {
  await expect(createCore(optionsOf(join(directory, 'nowhere')))).rejects.toMatchObject({ code: 'policy_bundle_refused' });
});
