import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PageType } from '../pagerduty/event.ts';
import { AlertSource } from '../store/alerts.ts';
import { type Kind, kinds } from './kinds.ts';
import { routesOf } from './routes.ts';
import { headlineOf } from './words.ts';

const root = join(import.meta.dirname, '..');
const known = Object.keys(kinds);

/** Kinds of events from outside, which are recorded as they are told (bot/alerts/admit.ts). */
const told: readonly string[] = [
  ...PageType.options.map((type) => `pagerduty.${type}`),
  ...AlertSource.options.map((source) => `${source}.all_resolved`),
];

/** The program's own sources, but for the table. */
function sources(): readonly string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.includes('test'));
  return files.filter((file) => !file.endsWith('mirrors/kinds.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
}

/** Kinds in the calls of a recorder: `record(tx, { kind: …`. One that is made of parts is known by its beginning, `plan.${`. */
function recordedKinds(): readonly string[] {
  return sources().flatMap((text) =>
    Array.from(
      text.matchAll(/\brecord\(\s*tx,\s*\{[^}]*?\bkind: (?:'([^']+)'|`([a-z_.]+)\$\{)/g),
      ([, whole, part]) => whole ?? `${part}\${`,
    ),
  );
}

const beginning = (kind: string) => kind.endsWith('${') && kind.slice(0, -2);

test('every kind that is recorded is in the table', () => {
  const recorded = new Set(recordedKinds());
  expect(recorded.size).toBeGreaterThan(25);
  const missing = [...recorded].filter((kind) => {
    const start = beginning(kind);
    return start === false ? !known.includes(kind) : !known.some((one) => one.startsWith(start));
  });
  expect(missing).toEqual([]);
});

test('no row is there for nothing', () => {
  const all = sources().join('\n');
  const starts = recordedKinds().flatMap((kind) => beginning(kind) || []);
  const silent = known.filter((kind) => !told.includes(kind));
  expect(silent.filter((kind) => !all.includes(`'${kind}'`) && !starts.some((start) => kind.startsWith(start)))).toEqual([]);
});

describe('everything that decides is told to both peers:', () => {
  const decisions: readonly Kind[] = [
    'policy.decided',
    'policy.denied',
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
