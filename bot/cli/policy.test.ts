import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { createTestApi, type TestApi } from '../api/testing.ts';
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
  expect(out).toContain('plan: needs approval (tier high)');
  expect(out).toContain('Approvals  2 by approver, not the requester');
  expect(out).toMatch(/tier\.high {2}needs 2 approvals/);
  expect(JSON.parse((await cli(['explain', planId, '--json'])).out)).toMatchObject({
    plan: planId,
    items: [{ verdict: 'needs_approval' }],
  });
  expect(await cli(['explain', 'none'])).toMatchObject({ status: 1, notes: 'watchkeeper: There is no plan none.' });
});

test('without opa, test and replay say what they need', async () => {
  for (const argv of [['test'], ['replay', '--bundle', sources]])
    expect(await cli(argv, { PATH: '/nowhere' })).toMatchObject({ status: 1, notes: expect.stringContaining('this needs opa on PATH') });
});

test('a time that is none is wrong use', async () => {
  expect((await cli(['replay', '--bundle', sources, '--since', 'a while'])).status).toBe(2);
});

describe.runIf(hasOpa)('with opa on PATH', () => {
  function edit(file: string, from: string, to: string): () => void {
    const path = join(sources, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    return () => writeFileSync(path, text);
  }

  test('the built-in policy passes its test', async () => {
    const { status, out } = await cli(['test']);
    expect(out.split('\n')).toEqual([
      'ok        format',
      'ok        strict',
      'ok        tests',
      expect.stringMatching(/^ok +decision table: \d+ rows$/),
      expect.stringMatching(/^ok +safety table: \d+ rows$/),
    ]);
    expect(status).toBe(0);
  });

  test('a policy that decides otherwise than its table fails, by row', async () => {
    const undo = edit('approvals.rego', '"high": 2', '"high": 1');
    const { status, out } = await cli(['test', '--bundle', sources, '--json']);
    undo();
    expect(status).toBe(1);
    const { checks } = JSON.parse(out);
    expect(checks.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, true, false, false, false]);
    expect(checks[3].detail).toContain('high needs two approvers: approvals is {"needed":1,');
    expect(checks[4].detail).toContain('high needs two others');
  });

  test('a policy that does not compile fails in the words of opa', async () => {
    const undo = edit('approvals.rego', '"high": 2', '"high": two');
    const { status, out } = await cli(['test', '--bundle', sources]);
    undo();
    expect(status).toBe(1);
    expect(out).toMatch(/problem +compiled: opa cannot build[\s\S]+var two is unsafe/);
  });

  test('replay prints what would have changed, and totals', async () => {
    const undo = edit('approvals.rego', '"high": 2', '"high": 3');
    const { status, out } = await cli(['replay', '--bundle', sources, '--since', '1d']);
    const json = JSON.parse((await cli(['replay', '--bundle', sources, '--json'])).out);
    undo();
    expect(status).toBe(0);
    expect(out).toContain(`plan ${planId}`);
    expect(out).toContain('was  needs 2 by approver, not the requester');
    expect(out).toContain('now  needs 3 by approver, not the requester: needs 3 approvals');
    expect(out).toMatch(/1 evaluated since .+, 1 changed, 1 could not be evaluated\.$/);
    expect(json).toMatchObject({
      totals: { evaluated: 1, changed: 1, unanswered: 1 },
      changed: [{ before: { verdict: 'needs_approval', needed: 2 }, after: { needed: 3, rules: ['tier.high'] } }],
    });
  });

  test('replay of a directory without Rego files says so', async () => {
    const { status, notes } = await cli(['replay', '--bundle', tmpdir()]);
    expect({ status, notes }).toEqual({ status: 1, notes: `watchkeeper: ${tmpdir()} holds no Rego files` });
  });
});
