import { expect, test } from 'vitest';
import { loadCommittedPolicy } from '../policy/load.ts';
import { countedPolicy, policyEvents } from './instrument.ts';
import { createMetrics } from './telemetry/metrics.ts';

const policy = await loadCommittedPolicy();

test('decisions are counted and timed by question, and stay as they are', async () => {
  const metrics = createMetrics('test');
  const counted = countedPolicy(policy, metrics);
  const subject = { person: 'erin', roles: ['responder'], team: 'T1', foreignTeam: false, guest: false, bot: false, deactivated: false };
  const ask = { question: 'ask' as const, nowMs: 0, subject };
  expect(counted.decide(ask)).toEqual(policy.decide(ask));
  counted.decide({ ...ask, subject: { ...subject, guest: true } });
  expect(counted.bundle).toBe(policy.bundle);
  const text = await metrics.registry.metrics();
  expect(text).toContain('watchkeeper_policy_decisions_total{question="ask",verdict="allow",role="test"} 1');
  expect(text).toContain('watchkeeper_policy_decisions_total{question="ask",verdict="deny",role="test"} 1');
  expect(text).toContain('watchkeeper_policy_decision_duration_seconds_count{role="test",question="ask"} 2');
});

test('one bundle is said to decide at a time, and refusals are counted', async () => {
  const metrics = createMetrics('test');
  const events = policyEvents(metrics);
  events.decides('a'.repeat(64));
  events.decides('b'.repeat(64));
  events.refused();
  events.refused();
  const lines = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('watchkeeper_policy_bundle'));
  expect(lines).toEqual([
    `watchkeeper_policy_bundle_info{bundle="${'b'.repeat(64)}",role="test"} 1`,
    'watchkeeper_policy_bundle_refused_total{role="test"} 2',
  ]);
});
