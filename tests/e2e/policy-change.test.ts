import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { readBundleArchive } from '../../policy/archive.ts';
import type { PolicyBundle } from '../../policy/decide.ts';
import { channels, eventually, slackUser, startTestSystem, type TestSystem, temporaryDirectory } from './system.ts';

const hasOpa = spawnSync('opa', ['version']).status === 0;
const sources = join(import.meta.dirname, '../../policy');

/** The built-in policy, but that tier medium needs two approvals. */
function stricter(directory: string): PolicyBundle {
  const copy = join(directory, 'sources');
  cpSync(sources, copy, { recursive: true });
  const file = join(copy, 'approvals.rego');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('"medium": 1');
  writeFileSync(file, text.replace('"medium": 1', '"medium": 2'));
  const names = execFileSync('sh', ['-c', 'ls *.rego | grep -v _test'], { cwd: copy, encoding: 'utf8' }).trim().split('\n');
  execFileSync('opa', ['build', '-t', 'wasm', '-e', 'policy/assistant/v1/decision', '-o', 'out.tar.gz', ...names], { cwd: copy });
  return readBundleArchive(readFileSync(join(copy, 'out.tar.gz')));
}

function put(directory: string, { wasm, data }: PolicyBundle): void {
  for (const [name, bytes] of [
    ['policy.wasm', wasm],
    ['data.json', data],
  ] as const) {
    writeFileSync(join(directory, `${name}.new`), bytes);
    renameSync(join(directory, `${name}.new`), join(directory, name));
  }
}

describe.runIf(hasOpa)('a policy that gets stricter while a plan waits', () => {
  let system: TestSystem;
  const directory = temporaryDirectory();
  const bundle = join(directory, 'bundle');
  beforeAll(async () => {
    mkdirSync(bundle);
    const built = (name: string) => readFileSync(join(sources, 'bundle', name));
    put(bundle, { wasm: built('policy.wasm'), data: built('data.json') });
    const config = join(directory, 'watchkeeper.yaml');
    writeFileSync(config, `policy: { bundle: ${JSON.stringify(bundle)} }\n`);
    system = await startTestSystem({ scenario: 'bad-rollout', env: { WATCHKEEPER_CONFIG: config } });
  });
  afterAll(async () => {
    await system?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test('one approval, which the card asked for, runs nothing any more; the second one does', async () => {
    const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy.');
    const asked = await system.incident(thread, (_, plan) => plan?.state === 'pending');
    expect(asked.plan?.plan.approval.needed).toBe(1);
    const before = system.core.livePolicy.bundle;
    put(bundle, stricter(directory));
    await eventually('the new policy', async () => system.core.livePolicy.bundle !== before);
    const approve = async (person: string) => {
      const user = slackUser(person);
      const card = await system.hands.until(user, thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
      await system.hands.click(user, card, 'plan.approve');
    };
    await approve('alice');
    await system.see('alice', thread, 'Your vote is recorded', '1 of 2');
    expect((await system.incident(thread, () => true)).plan).toMatchObject({ state: 'pending', votes: [{ person: 'alice' }] });
    const writes = () => (system.parts.estate?.ledger() ?? []).filter(({ argv }) => !argv.includes('--dry-run=server'));
    expect(writes()).toEqual([]);
    await approve('bob');
    const ended = await system.incident(thread, ({ state }) => state === 'closed');
    expect(ended.incident.outcome).toBe('resolved');
    const decided = await system.rows<{ bundle: string; verdict: string }>(
      "SELECT bundle, verdict FROM policy_decisions WHERE plan_id = $1 AND question = 'execute'",
      [ended.plan?.plan.id],
    );
    expect(decided).toEqual([{ bundle: system.core.livePolicy.bundle, verdict: 'allow' }]);
  });
});
