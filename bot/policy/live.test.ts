import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readBundleArchive } from '../../policy/archive.ts';
import type { PolicyInput } from '../../policy/contract.ts';
import { bundleHash, type PolicyBundle } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { directorySource } from './directory.ts';
import { createLivePolicy, type LivePolicy, type LivePolicyOptions } from './live.ts';
import { checkLimits } from './questions.ts';
import { safetyTable } from './safety.ts';
import { bundleWithNote, endlessWasm } from './testing.ts';
import { allowance, craftedPolicy, denial } from './testing-wasm.ts';

const committed = await loadCommittedPolicy();
const hasOpa = spawnSync('opa', ['version']).status === 0;
const plan = safetyTable.find(({ name }) => name === 'high needs two others')?.input as PolicyInput;

let directory: string;
let live: LivePolicy | undefined;
let logged: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policy-live-'));
  logged = [];
});
afterEach(async () => {
  await live?.stop();
  live = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function put({ wasm, data }: PolicyBundle): void {
  // Renamed into place, as whoever replaces a running bundle should: each file is whole at any time.
  for (const [name, bytes] of [
    ['policy.wasm', wasm],
    ['data.json', data],
  ] as const) {
    writeFileSync(join(directory, `${name}.new`), bytes);
    renameSync(join(directory, `${name}.new`), join(directory, name));
  }
}

async function start(pollMs = 60_000, options: Partial<LivePolicyOptions> = {}): Promise<LivePolicy> {
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  live = await createLivePolicy({ source: directorySource(directory, log, pollMs), committed, log, ...options });
  return live;
}

const freezes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: 'f'.repeat(100),
    sites: [`other-${index}`],
    fromMs: 0,
    toMs: 1,
    until: 'long ago',
  }));

// Longer than a check may take: a program that never ends uses all of it up.
const within = { timeout: checkLimits.totalMs + 20_000, interval: 20 };
vi.setConfig({ testTimeout: 4 * checkLimits.totalMs });

test('without a directory the built-in policy decides', async () => {
  const policy = await start(60_000, { source: undefined });
  expect(policy.status()).toMatchObject({ bundle: committed.bundle, source: 'built in', lastError: null });
  expect(policy.decide(plan)).toEqual(committed.decide(plan));
});

test('a good bundle replaces the running one', async () => {
  const [one, two] = [bundleWithNote('one'), bundleWithNote('two')];
  put(one);
  const policy = await start();
  expect(policy.status()).toMatchObject({ bundle: bundleHash(one), source: directory, lastError: null });
  put(two);
  await vi.waitFor(() => expect(policy.bundle).toBe(bundleHash(two)), within);
  expect(policy.decide(plan)).toMatchObject({ verdict: 'needs_approval', approvals: { needed: 2 } });
  expect(logged.join()).toContain('the policy bundle was replaced');
});

test('where no event comes, polling finds the new bundle', async () => {
  put(bundleWithNote('one'));
  const policy = await start(50);
  // Events of the directory that was there at the start do not reach the one in its place.
  cpSync(directory, `${directory}-new`, { recursive: true });
  rmSync(directory, { recursive: true });
  renameSync(`${directory}-new`, directory);
  put(bundleWithNote('two'));
  await vi.waitFor(() => expect(policy.bundle).toBe(bundleHash(bundleWithNote('two'))), within);
});

const broken: Record<string, [PolicyBundle, RegExp]> = {
  'half a wasm': [{ wasm: bundleWithNote('').wasm.subarray(0, 100_000), data: Buffer.from('{}') }, /WebAssembly/],
  'a promise that is broken': [craftedPolicy({ rules: [{ does: allowance }] }), /breaks what every policy has to keep/],
  'a program that never ends': [{ wasm: endlessWasm, data: Buffer.from('{}') }, /takes too long/],
};
test.each(Object.entries(broken))('%s: the running policy stays, and the reason is told once', async (_, [bundle, reason]) => {
  const good = bundleWithNote('good');
  put(good);
  const policy = await start(50);
  put(bundle);
  await vi.waitFor(() => expect(policy.status().lastError?.reason).toMatch(reason), within);
  expect(policy.bundle).toBe(bundleHash(good));
  expect(policy.decide(plan).verdict).toBe('needs_approval');
  put(good);
  await vi.waitFor(() => expect(policy.status().lastError).toBeNull(), within);
  expect(logged.filter((line) => reason.test(line))).toHaveLength(1);
});

test('a bundle that goes away leaves the running one', async () => {
  const good = bundleWithNote('good');
  put(good);
  const policy = await start(50);
  rmSync(directory, { recursive: true });
  await vi.waitFor(() => expect(policy.status().lastError?.reason).toContain('cannot be read (ENOENT)'), within);
  expect(policy.bundle).toBe(bundleHash(good));
});

test('a bundle that is not the one of its manifest is not taken', async () => {
  const policy = 'policy.wasm';
  put(bundleWithNote('one'));
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ outputs: { [policy]: '0'.repeat(64) } }));
  await expect(start()).rejects.toThrow('is not the one that manifest.json names');
});

test('nothing stands in for a bundle that is broken from the start', async () => {
  await expect(start()).rejects.toMatchObject({ code: 'policy_bundle_refused' });
});

test('a policy that gets stuck when it counts is denied for in words, until another one replaces it', async () => {
  put(craftedPolicy({ rules: [{ atLeast: 20_000, does: 'loop' }, { does: denial }] }));
  const policy = await start();
  expect(policy.decide(plan).rules).toEqual(['made.up']);
  const large = { ...plan, requester: 'x'.repeat(200), freezes: freezes(200) } as PolicyInput;
  expect(policy.decide(large)).toMatchObject({ verdict: 'deny', rules: ['policy.timeout'] });
  put(bundleWithNote('good'));
  await vi.waitFor(() => expect(policy.decide(large).verdict).toBe('needs_approval'), within);
});

test('what decides and what `bundle` says are of the same policy within a turn', async () => {
  put(bundleWithNote('one'));
  const policy = await start();
  put(bundleWithNote('two'));
  const execute = safetyTable.find(({ name }) => name === 'a rejection stops a step')?.input as PolicyInput;
  const seen = new Set<string>();
  const mixed: string[] = [];
  await vi.waitFor(async () => {
    for (let i = 0; i < 50; i += 1) {
      const { bundle } = policy;
      seen.add(bundle);
      const { rules } = await Promise.resolve(policy.decide({ ...execute, approvedBundle: bundle } as PolicyInput));
      if (rules.includes('policy.changed') || policy.bundle !== bundle) mixed.push(bundle);
    }
    expect(seen.size).toBe(2);
  }, within);
  expect(mixed).toEqual([]);
});

describe.runIf(hasOpa)('with opa on PATH', () => {
  function compiled(change: (sources: string) => void): PolicyBundle {
    const sources = mkdtempSync(join(tmpdir(), 'policy-sources-'));
    try {
      cpSync(join(import.meta.dirname, '../../policy'), sources, { recursive: true });
      change(sources);
      const files = execFileSync('sh', ['-c', 'ls *.rego | grep -v _test'], { cwd: sources, encoding: 'utf8' }).trim().split('\n');
      execFileSync('opa', ['build', '-t', 'wasm', '-e', 'policy/assistant/v1/decision', '-o', 'out.tar.gz', ...files], { cwd: sources });
      return readBundleArchive(readFileSync(join(sources, 'out.tar.gz')));
    } finally {
      rmSync(sources, { recursive: true });
    }
  }
  const edit = (file: string, from: string, to: string) => (sources: string) => {
    const text = readFileSync(join(sources, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(sources, file), text.replace(from, to));
  };

  test('a stricter policy decides', async () => {
    put(compiled(edit('approvals.rego', '"high": 2', '"high": 3')));
    expect((await start()).decide(plan)).toMatchObject({ approvals: { needed: 3 } });
  });

  test.each([
    ['high with one approval', edit('approvals.rego', '"high": 2', '"high": 1'), 'high needs two others'],
    ['the requester approves', edit('approvals.rego', 'plan_tier == "low"', 'plan_tier != "none"'), 'medium needs somebody other'],
    ['unknown operations', edit('targets.rego', 'not step.known == true', 'step.known == "no"'), 'an unknown operation is denied'],
    [
      'votes of service tokens',
      edit('votes.rego', 'not input.subject.serviceToken == false', 'input.subject.serviceToken == "yes"'),
      'the vote of a service token is denied',
    ],
    [
      'decisions of another form',
      edit('decision.rego', '"tier": tier,', '"tier": tier, "note": 1,'),
      'policy gave a decision of an unknown form',
    ],
  ])('a policy with %s never decides', async (_, change, reason) => {
    const good = bundleWithNote('good');
    put(good);
    const policy = await start();
    put(compiled(change));
    await vi.waitFor(() => expect(policy.status().lastError?.reason).toContain(reason), within);
    expect(policy.bundle).toBe(bundleHash(good));
  });
});
