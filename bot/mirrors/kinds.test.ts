import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IncidentState } from '../../workflows/contracts/incident.ts';
import { PlanState, StepState } from '../../workflows/contracts/plan.ts';
import { type Kind, kinds } from './kinds.ts';
import { routesOf } from './routes.ts';
import { headlineOf } from './words.ts';

const root = join(import.meta.dirname, '..');

/** Values that a kind's name is made of where it is not written out. */
const parts: Readonly<Record<string, readonly string[]>> = {
  'incident.${state}': IncidentState.options.filter((state) => state !== 'closed').map((state) => `incident.${state}`),
  'plan.${to}': PlanState.options.map((state) => `plan.${state}`),
  'step.${step.state}': StepState.options.map((state) => `step.${state}`),
};

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('test') && !file.endsWith('mirrors/kinds.ts'))
  .map((file) => readFileSync(join(root, file), 'utf8'));

/** Kinds in the calls of a recorder: `record(tx, { kind: …`. */
function recordedKinds(): readonly string[] {
  const calls = sources.flatMap((text) => {
    return Array.from(text.matchAll(/\brecord\(\s*tx,\s*\{[^}]*?\bkind: ['`]([^'`]+)['`]/g), ([, kind = '']) => kind);
  });
  return calls.flatMap((kind) => parts[kind] ?? [kind]);
}

test('every kind that is recorded is in the table, and no row is there for nothing', () => {
  const recorded = new Set(recordedKinds());
  expect(recorded.size).toBeGreaterThan(30);
  expect([...recorded].filter((kind) => !(kind in kinds))).toEqual([]);
  // Some are chosen before the call.
  const named = (kind: string) => sources.some((text) => text.includes(`'${kind}'`));
  expect(Object.keys(kinds).filter((kind) => !recorded.has(kind) && !named(kind))).toEqual([]);
});

describe('everything that decides is told to both peers:', () => {
  const decisions: readonly Kind[] = [
    'policy.decided',
    'plan.proposed',
    'vote.recorded',
    'vote.refused',
    'plan.approved',
    'plan.rejected',
    'plan.changes_requested',
    'plan.expired',
    'plan.cancelled',
    'plan.superseded',
    'incident.cancel_requested',
    'grant.issued',
    'grant.claimed',
    'grant.refused',
    'grant.burnt',
    'step.running',
    'step.done',
    'step.failed',
    'step.rolled_back',
    'step.rollback_failed',
    'step.not_reversible',
    'step.skipped',
    'plan.done',
    'plan.rolled_back',
    'plan.failed',
    'incident.opened',
    'incident.reopened',
    'incident.closed',
  ];
  test.each(decisions)('%s', (kind) => {
    const to = routesOf(kind, ['linear', 'pagerduty']).map(({ sink }) => sink);
    expect(to).toEqual(expect.arrayContaining(['linear', 'pagerduty']));
    expect(headlineOf(kind)).toMatch(/^[A-Z][a-z]/);
  });
});

test('a peer that is not configured gets nothing', () => {
  expect(routesOf('plan.proposed', [])).toEqual([]);
  expect(routesOf('plan.proposed', ['linear']).map(({ sink }) => sink)).toEqual(['linear', 'linear_agent']);
  expect(routesOf('plan.proposed', ['pagerduty']).map(({ sink }) => sink)).toEqual(['pagerduty', 'pagerduty_actions']);
});
