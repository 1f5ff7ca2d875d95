import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { effects } from '../../bot/mirrors/said.ts';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { channels, eventually, slackUser, startTestSystem, type TestSystem, type Thread, temporaryDirectory } from '../e2e/system.ts';
import { annotated, annotation, annotations, writeAnnotating } from './annotations.ts';

/** Rows 23 and 24 of the fault matrix: a plan of five steps of which the third does not verify. Asserted from the estate's ledger and the record. */
const [first, second, third] = annotated;

let directory: string;
let system: TestSystem;
beforeAll(async () => {
  directory = temporaryDirectory();
  const config = join(directory, 'watchkeeper.yaml');
  writeFileSync(config, stringify({ playbooks: { directory: writeAnnotating(directory, { step: 3, within: 3 }) } }));
  system = await startTestSystem({ scenario: 'bad-rollout', directory, env: { WATCHKEEPER_CONFIG: config } });
});
afterAll(async () => {
  await system?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const estate = () => {
  if (system.parts.estate === null) throw new Error('these tests need the simulated estate');
  return system.parts.estate;
};

/** As somebody else does it. */
const annotate = (name: string, change: string) =>
  promisify(execFile)(estate().binaries['kubectl'] ?? '', ['annotate', `deployment/${name}`, change, '--overwrite'], {
    env: { KUBECONFIG: estate().kubeconfig.write },
  });

/** Nothing is annotated; answers what is done from now on. */
async function afresh(): Promise<() => readonly string[]> {
  for (const name of annotated) await annotate(name, `${annotation}-`);
  const from = estate().ledger().length;
  return () => annotations(estate().ledger().slice(from));
}

async function approvedPlan(): Promise<Thread> {
  const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy.');
  const card = await system.hands.until(slackUser('alice'), thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  await system.hands.click(slackUser('alice'), card, 'plan.approve');
  return thread;
}

const closed = (thread: Thread) => system.incident(thread, ({ state }) => state === 'closed');

/** What the record says of the steps, in its order: `s1 done`. */
async function recordedOf(planId: string): Promise<readonly string[]> {
  const entries = await system.core.store.audit.list({ planId }, 0, 1_000);
  const ended = entries.filter(({ body }) => /^step\.(done|failed|rolled_back|rollback_failed)$/.test(body.kind));
  return ended.map(({ body, data }) => `${data['step']} ${body.kind.slice('step.'.length)}`);
}

/** The operation, and what it was asked, of a stored observation. */
async function seen(id: string | null | undefined): Promise<object> {
  const { operation, input, output } = await system.core.store.observations.get(id ?? '');
  return { operation, name: input['name'], annotations: (output as { annotations?: object } | undefined)?.annotations };
}

test('23: the third of five steps fails: what was done is undone in reverse order, each with its evidence, and nothing else runs', async () => {
  const done = await afresh();
  const thread = await approvedPlan();
  const { incident, plan } = await closed(thread);
  expect(incident.outcome).toBe('rolled_back');
  expect(done()).toEqual([first, second, third, `${third}-`, `${second}-`, `${first}-`]);
  expect(plan?.steps.map(({ stepId, state }) => `${stepId} ${state}`)).toEqual([
    's1 rolled_back',
    's2 rolled_back',
    's3 rolled_back',
    's4 pending',
    's5 pending',
  ]);
  const without = expect.not.objectContaining({ [annotation]: expect.anything() });
  for (const [index, name] of [first, second, third].entries()) {
    const { before, output, rollbackOutput, rollbackVerification } = plan?.steps[index] ?? {};
    expect(await seen(before)).toMatchObject({ operation: 'kubernetes.object_state', name, annotations: without });
    expect(await seen(output)).toMatchObject({ operation: 'kubernetes.annotate', name });
    expect(await seen(rollbackOutput)).toMatchObject({ operation: 'kubernetes.annotate', name });
    expect(await seen(rollbackVerification)).toMatchObject({ operation: 'kubernetes.object_state', name, annotations: without });
  }
  expect(plan?.steps[2]?.reason).toContain('What never holds');
  expect(await recordedOf(plan?.plan.id ?? '')).toEqual([
    's1 done',
    's2 done',
    's3 failed',
    's3 rolled_back',
    's2 rolled_back',
    's1 rolled_back',
  ]);
  await system.see('erin', thread, 'The change was rolled back, and that is verified');
  expect(await system.rows("SELECT FROM audit_entries WHERE kind = 'person.paged'")).toEqual([]);
});

test('24: an undo is not possible: nothing more is tried, people are paged, and what is left is listed', async () => {
  const done = await afresh();
  const thread = await approvedPlan();
  // In the seconds in which the third step is verified, somebody else changes what the second one did.
  await eventually('the third step', async () => done().length === 3);
  await annotate(second, `${annotation}=by-hand`);
  const { incident, plan } = await closed(thread);
  expect(incident.outcome).toBe('failed');
  expect(done()).toEqual([first, second, third, second, `${third}-`]);
  expect(plan?.steps.map(({ stepId, state }) => `${stepId} ${state}`)).toEqual([
    's1 done',
    's2 rollback_failed',
    's3 rolled_back',
    's4 pending',
    's5 pending',
  ]);
  expect(plan?.steps[1]?.reason).toMatch(/^the target is not as the step left it/);
  expect(await recordedOf(plan?.plan.id ?? '')).toEqual(['s1 done', 's2 done', 's3 failed', 's3 rolled_back', 's2 rollback_failed']);
  await system.see(
    'erin',
    thread,
    'The rollback did not succeed: kubernetes.annotate',
    'Not undone either: kubernetes.annotate',
    'A person must look at it',
  );

  const asked = () => system.documents('pagerduty', (kept) => effects(kept.ledger(), 'responder_requests.create'));
  await eventually('a page', async () => asked().length > 0);
  const left = 's2 (kubernetes.annotate): the target is not as the step left it';
  expect(asked()).toMatchObject([{ input: { message: expect.stringContaining(left) } }]);
});
