import { expect, test } from 'vitest';
import type { ScenarioLine } from '../../bot/up/scenario.ts';
import { startProgram } from './program.ts';

async function play(scenario: string, ...flags: string[]): Promise<{ status: number | null; line: ScenarioLine }> {
  const program = startProgram(['up', '--scenario', scenario, '--exit', '--json', ...flags]);
  const [status] = await Promise.all([program.ended, program.closed]);
  const line = program.lines.find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`no outcome was printed:\n${program.lines.join('\n')}`);
  return { status, line: JSON.parse(line) as ScenarioLine };
}

test.concurrent('healthy: it says so, and proposes nothing', async () => {
  const { status, line } = await play('healthy');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'healthy', findings: [], plan: null, votes: [], steps: [], verification: null });
  expect(line.incident).toMatchObject({ state: 'closed', requester: 'erin' });
});

test.concurrent('rejected: a person says no, and nothing runs', async () => {
  const { status, line } = await play('rejected');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'rejected', plan: { state: 'rejected' }, votes: [{ person: 'alice', verdict: 'reject' }] });
  expect(line.steps.every((step) => step.state === 'pending' && step.output === null)).toBe(true);
});

test.concurrent('bad-rollout-wrong-fix: the fix does not help, so it is undone, and the undoing is verified', async () => {
  const { status, line } = await play('bad-rollout-wrong-fix');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'rolled_back', plan: { state: 'rolled_back' }, steps: [{ state: 'rolled_back' }] });
  const [step] = line.steps;
  const evidence = [step?.before, step?.output, step?.verification, step?.rollbackOutput, step?.rollbackVerification];
  for (const id of evidence) expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(evidence).size).toBe(evidence.length);
  expect(line.verification).toBe(step?.rollbackVerification);
  expect(step?.reason).toContain('Error rate');
});

test.concurrent('quorum: the first of two approvals runs nothing', async () => {
  const { status, line } = await play('quorum');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'resolved', votes: [{ person: 'alice' }, { person: 'bob' }], refusals: [] });
  expect(Date.parse(line.incident.closedAt ?? '')).toBeGreaterThan(Date.parse(line.votes[1]?.createdAt ?? ''));
});

test.concurrent('self-approval: the requester is refused, in words, and somebody else decides', async () => {
  const { status, line } = await play('self-approval');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'resolved', incident: { requester: 'alice' }, votes: [{ person: 'bob' }] });
  expect(line.refusals).toEqual([{ actor: 'person:alice', code: 'not_allowed', message: expect.stringContaining('requester') }]);
});

test.concurrent('moved-target: what was approved does not run on what is there now; it is asked for anew', async () => {
  const { status, line } = await play('moved-target');
  expect(status).toBe(0);
  // Alice's approval was for the plan that stopped.
  expect(line).toMatchObject({ outcome: 'resolved', votes: [{ person: 'bob' }], plan: { state: 'done' } });
});

test.concurrent('expiry: nobody answers, and nothing runs', async () => {
  const { status, line } = await play('expiry');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'expired', plan: { state: 'expired' }, votes: [], steps: [{ state: 'pending', output: null }] });
});

test.concurrent('freeze: the cause is found, and policy does not let the fix be proposed', async () => {
  const { status, line } = await play('freeze');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'rejected', plan: null, votes: [] });
  expect(line.findings.length).toBeGreaterThan(0);
});

test.concurrent('break-glass: one person, the requester even, runs what needs two others; a review is due', async () => {
  const { status, line } = await play('break-glass');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'resolved', incident: { requester: 'alice' }, votes: [], plan: { state: 'done' } });
});

test.concurrent('linear-label: the label of an app is refused, that of a person approves', async () => {
  const { status, line } = await play('linear-label');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'resolved', votes: [{ person: 'alice', channel: 'linear' }] });
  expect(line.refusals).toMatchObject([{ actor: expect.stringMatching(/^system:linear:/), code: 'not_a_person' }]);
});

test.concurrent('storm: sixty alerts of two causes; the plan for the first is approved and resolves it', async () => {
  const { status, line } = await play('storm');
  expect(status).toBe(0);
  expect(line).toMatchObject({
    outcome: 'resolved',
    plan: { state: 'done' },
    incident: { source: 'alertmanager', service: 'checkout', requester: null },
  });
});

test.concurrent('page: nobody asks; a label in Linear approves, and in the end the page is resolved', async () => {
  const { status, line } = await play('page');
  expect(status).toBe(0);
  expect(line).toMatchObject({ incident: { source: 'pagerduty', requester: null }, votes: [{ person: 'alice', channel: 'linear' }] });
  expect(line).toMatchObject({ outcome: 'resolved', alerts: { firing: 0, acknowledged: 0, resolved: 1 } });
});

test('linear-agent: a mention in an issue is answered there within ten seconds, to the end', async () => {
  const { status, line } = await play('linear-agent');
  expect(status).toBe(0);
  expect(line).toMatchObject({ outcome: 'resolved', incident: { source: 'linear', requester: 'erin' }, session: { status: 'complete' } });
  expect(line.session?.firstActivityMs).toBeLessThan(10_000);
  expect(line.session?.activities).toEqual(expect.arrayContaining(['thought', 'elicitation', 'action', 'response']));
});

test.concurrent('another end than the declared one is a failure', async () => {
  const { status, line } = await play('rejected', '--vote', 'alice:approve');
  expect(line).toMatchObject({ expected: 'rejected', outcome: 'resolved' });
  expect(status).toBe(1);
});
