import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyBundle } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { createTestApi, type TestApi } from '../api/testing.ts';
import type { Finding } from '../doctor/finding.ts';
import { bundleWithNote } from '../policy/testing.ts';
import { archiveOf } from '../policy/testing-server.ts';
import { allowance, craftedPolicy, denial } from '../policy/testing-wasm.ts';
import { decisionOf, planOf, seed } from '../store/fixtures.ts';
import { runCli } from './program.ts';

const hasOpa = spawnSync('opa', ['version']).status === 0;
const policy = await loadCommittedPolicy();
const input = readDecisionTable().find(({ name }) => name === 'high needs two approvers')?.input as Parameters<typeof policy.decide>[0];

let t: TestApi;
let url: string;
let planId: string;
let sources: string;
beforeAll(async () => {
  t = await createTestApi();
  url = await t.api.listen({ host: '127.0.0.1', port: 0 });
  const { incident, before } = await seed(t.store);
  const plan = planOf(incident.id, before);
  planId = plan.id;
  await t.store.plans.save(plan, 'a'.repeat(64), { ...decisionOf(plan), bundle: policy.bundle, input, result: policy.decide(input) });
  sources = mkdtempSync(join(tmpdir(), 'policy-cli-'));
  cpSync(join(import.meta.dirname, '../../policy'), sources, { recursive: true });
});
afterAll(async () => {
  rmSync(sources, { recursive: true, force: true });
  await t.close();
});

async function cli(argv: readonly string[], change: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const variables = { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin, PATH: process.env['PATH'] ?? '', ...change };
  const status = await runCli(['policy', ...argv], { line: (text) => out.push(text), note: (text) => notes.push(text) }, variables);
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}

test('explain prints the rules that fired', async () => {
  const { status, out } = await cli(['explain', planId]);
  expect(status).toBe(0);
  expect(out.split('\n').slice(0, 4)).toEqual([
    expect.stringMatching(/^\S+Z {2}plan: needs approval \(tier high\)$/),
    expect.stringMatching(/^ {2}tier\.high {2}needs 2 approvals by distinct approvers/),
    '  Needs   2 approvals by approver, not the requester',
    `  Bundle  ${policy.bundle}`,
  ]);
  expect(JSON.parse((await cli(['explain', planId, '--json'])).out)).toMatchObject({
    plan: planId,
    items: [{ verdict: 'needs_approval' }],
  });
  expect(await cli(['explain', 'none'])).toMatchObject({ status: 1, notes: 'watchkeeper: There is no plan none.' });
});

test('without opa, sources cannot be tested or replayed, and it is said what is needed', async () => {
  for (const argv of [['test'], ['replay', '--bundle', sources]])
    expect(await cli(argv, { PATH: '/nowhere' })).toMatchObject({ status: 1, notes: expect.stringContaining('this needs opa on PATH') });
});

test.each([
  ['nothing', 'nowhere', /there is nothing at .+nowhere$/],
  ['a file that is none', 'cli.test.ts', /cli\.test\.ts is no archive as opa build -t wasm writes it$/],
  ['a directory without any policy', '.', /holds no Rego files$/],
])('a bundle that is %s is said to be so', async (_, name, words) => {
  for (const command of ['test', 'replay']) {
    const { status, notes } = await cli([command, '--bundle', join(import.meta.dirname, name)]);
    expect({ status, notes }).toEqual({ status: 1, notes: expect.stringMatching(words) });
  }
});

test('a time that is none is wrong use', async () => {
  expect((await cli(['replay', '--bundle', sources, '--since', 'a while'])).status).toBe(2);
});

describe('what is compiled needs no opa', () => {
  const withoutOpa = { PATH: '/nowhere' };
  const put = (name: string, bundle: PolicyBundle) => {
    const path = join(compiled, name);
    writeFileSync(path, archiveOf(bundle));
    return path;
  };
  let compiled: string;
  beforeAll(() => {
    compiled = mkdtempSync(join(tmpdir(), 'policy-compiled-'));
  });
  afterAll(() => rmSync(compiled, { recursive: true }));

  test('an archive, or a directory, is tested', async () => {
    const directory = join(import.meta.dirname, '../../policy/bundle');
    for (const path of [put('same.tar.gz', bundleWithNote('same')), directory]) {
      const { status, out } = await cli(['test', '--bundle', path], withoutOpa);
      expect(out.split('\n')).toEqual([
        expect.stringMatching(/^ok {7}compiled {8}[0-9a-f]{64}$/),
        expect.stringMatching(/^ok {7}decision table {2}\d+ rows$/),
        expect.stringMatching(/^ok {7}safety table {4}\d+ rows$/),
        '',
        'This policy may decide.',
      ]);
      expect(status).toBe(0);
    }
  });

  test('one that no server would take fails, by name, with what to do', async () => {
    const { status, out } = await cli(['test', '--bundle', put('lax.tar.gz', craftedPolicy({ rules: [{ does: allowance }] }))], withoutOpa);
    expect(status).toBe(1);
    expect(out).toMatch(/problem {2}safety table\n {11}an unknown operation is denied\n/);
    expect(out).toContain('→ these hold for every policy: a server refuses this one until they do');
    expect(out).toMatch(/This policy has 2 problems\.$/);
    const broken = await cli(
      ['test', '--bundle', put('other.tar.gz', craftedPolicy({ rules: [{ does: denial }], entrypoint: 'x' }))],
      withoutOpa,
    );
    expect(broken.out).toMatch(/^problem {2}compiled\n {11}the policy bundle has no entry point policy/);
  });

  test('replay tells nothing where nothing would change', async () => {
    const argv = ['replay', '--bundle', put('same.tar.gz', bundleWithNote('same')), '--exit-code'];
    const { status, out } = await cli([...argv, '--since', '1d'], withoutOpa);
    // The other one is of no known form.
    expect(out).toMatch(/^\S+ {2}unknown {2}incident .+\n {2}could not be evaluated: its record is not of a known form\n\n/);
    expect(out).toMatch(/, 0 of 1 decisions since \S+ would change\. 1 more could not be evaluated\.\n/);
    expect(status).toBe(1);
  });

  test('replay shows each decision, and what they have in common', async () => {
    const frozen = { nowMs: Date.now(), freezes: [{ name: 'made up', fromMs: 0, toMs: Date.now() * 2, until: 'later' }] };
    const denied = policy.decide({ ...input, ...frozen } as Parameters<typeof policy.decide>[0]);
    expect(denied.rules).toContain('freeze.active');
    const path = put('frozen.tar.gz', craftedPolicy({ rules: [{ does: { answer: [{ result: denied }] } }] }));
    const { status, out } = await cli(['replay', '--bundle', path], withoutOpa);
    expect(status).toBe(0);
    expect(out).toMatch(
      / {2}was {2}needs 2 approvals by approver, not the requester\n {2}now {2}denied\n {7}freeze\.active: .+\(made up\)\n/,
    );
    expect(out).toMatch(/, 1 of 1 decisions since \S+ would change\.[^\n]+\n {2}1 plan would now be denied: freeze\.active\n/);
    expect((await cli(['replay', '--bundle', path, '--exit-code'], withoutOpa)).status).toBe(1);
    expect(JSON.parse((await cli(['replay', '--bundle', path, '--json'], withoutOpa)).out)).toMatchObject({
      totals: { evaluated: 1, changed: 1, unanswered: 1 },
      summary: { changed: [{ question: 'plan', count: 1, words: '1 plan would now be denied: freeze.active', rules: ['freeze.active'] }] },
      changed: [{ before: { verdict: 'needs_approval', needed: 2 }, after: { verdict: 'deny' } }],
    });
  });
});

describe.runIf(hasOpa)('with opa on PATH', () => {
  function edit(file: string, from: string, to: string): () => void {
    const path = join(sources, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    return () => writeFileSync(path, text);
  }

  test('the built-in policy passes its test, with its coverage', async () => {
    const { status, out } = await cli(['test']);
    expect(out.split('\n')).toEqual([
      'ok       format',
      'ok       strict',
      expect.stringMatching(/^ok {7}tests {11}(\d+) of \1 pass, coverage 100 %$/),
      'ok       capabilities',
      `ok       compiled        ${policy.bundle}`,
      expect.stringMatching(/^ok {7}decision table {2}\d+ rows$/),
      expect.stringMatching(/^ok {7}safety table {4}\d+ rows$/),
      '',
      'This policy may decide.',
    ]);
    expect(status).toBe(0);
  });

  test('a policy that decides otherwise than its table fails, by row, with what to do', async () => {
    const undo = edit('approvals.rego', '"high": 2', '"high": 1');
    const { status, out } = await cli(['test', '--bundle', sources, '--json']);
    undo();
    expect(status).toBe(1);
    const findings: Finding[] = JSON.parse(out).findings;
    expect(findings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['tests', 'decision table', 'safety table']);
    expect(findings.find(({ name }) => name === 'decision table')?.detail).toContain('high needs two approvers: approvals is {"needed":1,');
    expect(findings.find(({ name }) => name === 'safety table')).toMatchObject({
      detail: expect.stringContaining('high needs two others'),
      todo: expect.stringContaining('a server refuses this one'),
    });
  });

  test.each([
    [
      'that does not compile',
      1,
      ['approvals.rego', '"high": 2', '"high": two'],
      /problem {2}strict\n {11}1 error occurred: .+var two is unsafe/,
    ],
    ['that is not formatted', 1, ['asks.rego', '{\n', '{\n\n\n'], /problem {2}format\n {11}asks\.rego\n {9}→ run: opa fmt --write/],
    [
      'that looks at the clock',
      // A test of its rule fails too.
      2,
      ['freezes.rego', 'input.nowMs < freeze.fromMs', 'time.now_ns() < freeze.fromMs'],
      /problem {2}capabilities\n {11}.+undefined function time\.now_ns[\s\S]+→ the compiled form has the functions of policy\/capabilities\.json only/,
    ],
  ] as const)('a policy %s fails in the words of opa, and once', async (_, problems, [file, from, to], words) => {
    const undo = edit(file, from, to);
    const { status, out } = await cli(['test', '--bundle', sources]);
    undo();
    expect(status).toBe(1);
    expect(out).toMatch(words);
    expect(out).toMatch(new RegExp(`This policy has ${problems} problems?\\.$`));
  });

  test('what no test comes by is named', async () => {
    const undo = edit('asks.rego', 'ask_decision := denial', 'unused_rule if input.nowMs == 1\n\nask_decision := denial');
    const { out } = await cli(['test', '--bundle', sources]);
    undo();
    expect(out).toMatch(/ok {7}tests .+ pass, coverage 99\.\d %, not covered: asks\.rego:\d+\n/);
  });

  test('sources are built and replayed', async () => {
    const undo = edit('approvals.rego', '"high": 2', '"high": 3');
    const { status, out } = await cli(['replay', '--bundle', sources, '--since', '1d']);
    undo();
    expect(status).toBe(0);
    expect(out).toContain(`plan ${planId}`);
    expect(out).toMatch(
      /was {2}needs 2 approvals by approver, not the requester\n {2}now {2}needs 3 approvals by approver, not the requester/,
    );
    expect(out).toContain(
      '1 plan would need 3 approvals by approver, not the requester instead of 2 approvals by approver, not the requester: tier.high',
    );
  });
});
