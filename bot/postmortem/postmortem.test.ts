import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import type { Observation } from '../../tools/contract.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { resolvedLife } from '../mirrors/testing-lives.ts';
import { findingOf, observationOf, planOf } from '../store/fixtures.ts';
import { compose } from './compose.ts';
import { postmortemMarkdown } from './markdown.ts';
import type { Source } from './source.ts';

const expr = 'error_rate';
const closedAt = '2026-01-01T10:30:00.000Z';

function measured(minute: number, output: unknown): { id: string; body: Observation } {
  const startedAt = `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const change = { operation: 'prometheus.query', site: 'shop', input: { expr }, output, startedAt };
  return { id: sha256Hex(`${minute}`), body: observationOf('i', change) };
}

function stored(change: Partial<StoredPlan['steps'][number]> = {}): StoredPlan {
  const made = planOf('i', sha256Hex('before'));
  const check = { title: 'Error rate is below 0.05', operation: 'prometheus.query', input: { expr }, withinSeconds: 60, stableSeconds: 5 };
  const steps = made.steps.map((step) => ({
    ...step,
    verification: [{ ...check, expect: [{ pointer: '/value', op: 'lt' as const, value: 0.05 }] }],
  }));
  const none = { before: null, output: null, verification: null, rollbackOutput: null, rollbackVerification: null, reason: null };
  return {
    plan: { ...made, steps },
    requestHash: '',
    state: 'done',
    votes: [],
    steps: [{ planId: made.id, stepId: 's1', state: 'done', ...none, ...change }],
    breakGlass: null,
  };
}

function source(change: Partial<Source> = {}, plan = stored()): Source {
  return {
    incident: {
      id: 'i',
      key: 'i',
      title: 'checkout fails',
      text: '',
      source: 'slack',
      service: 'checkout',
      site: 'shop',
      state: 'closed',
      outcome: 'resolved',
      requester: 'erin',
      slack: null,
      createdAt: '2026-01-01T10:00:00.000Z',
      closedAt,
    },
    summary: 'The rollout was undone.',
    evidence: { alerts: [], observations: [], bodies: new Map(), findings: [findingOf(sha256Hex('seen'), { id: 'f' })], plans: [plan] },
    metrics: [],
    recorded: [],
    ...change,
  };
}

const markdownOf = (from: Source) => postmortemMarkdown(compose(from), { redact: (text) => text, observation: (id) => `https://w/${id}` });

describe('the impact', () => {
  test('reaches from the first measurement beyond the limit of the plan to the first one within it again', () => {
    const values = [0.01, 0.3, 0.4, 0.02];
    const { impact } = compose(source({ metrics: values.map((value, index) => measured(index, { value })) }));
    expect(impact).toMatchObject({ from: '2026-01-01T10:01:00.000Z', to: '2026-01-01T10:03:00.000Z' });
    expect(impact?.measures).toMatchObject([{ worst: 0.4, limit: 0.05, observation: sha256Hex('2') }]);
    const text = markdownOf(source({ metrics: values.map((value, index) => measured(index, { value })) }));
    expect(text).toContain('- Error rate: at worst 0.4 (limit 0.05), seen from');
  });

  test('reads ranges too, and has no end that was not seen', () => {
    const start = Date.parse('2026-01-01T09:50:00.000Z') / 1_000;
    const points = [0.01, 0.2, null, 0.3].map((value, index) => [start + index * 60, value]);
    const { impact } = compose(source({ metrics: [measured(0, { series: [{ labels: {}, points }], omitted: 0 })] }));
    expect(impact).toMatchObject({ from: '2026-01-01T09:51:00.000Z', to: null });
  });

  test('is not claimed where nothing shows any', () => {
    expect(compose(source()).impact).toBeNull();
    expect(markdownOf(source())).toContain('Neither an alert nor a metric with a limit shows any.');
  });
});

test.each([
  ['rolled_back', 'rolled_back', ['cause', 'alert']],
  ['failed', 'rollback_failed', ['cause', 'step', 'alert']],
  ['resolved', 'done', ['cause', 'alert']],
] as const)('%s: what did not work, and what is left to do', (outcome, state, keys) => {
  const from = source({}, stored({ state, reason: 'the error rate is 0.4' }));
  const found = compose({ ...from, incident: { ...from.incident, outcome } });
  expect(found.didNotWork.length > 0).toBe(state !== 'done');
  expect(found.worked.length > 0).toBe(state !== 'rollback_failed');
  expect(found.followUps.map(({ key }) => key.split(' ')[0])).toEqual(keys);
});

test('the text links what proves a cause, and nothing from outside can add a line to it', () => {
  const findings = [findingOf(sha256Hex('seen'), { title: '**x**\n## Summary\n[a](http://evil.example) <script>' })];
  const text = markdownOf(source({ evidence: { ...source().evidence, findings } }));
  expect(text).toContain(`[${sha256Hex('seen').slice(0, 12)}](https://w/${sha256Hex('seen')})`);
  expect(text.match(/^## Summary$/gm)).toHaveLength(1);
  expect(text).not.toMatch(/[^\\]<script|\]\(http:\/\/evil/);
});

describe('over the API', () => {
  let t: TestApi;
  beforeAll(async () => {
    t = await createTestApi();
  });
  afterAll(() => t.close());

  test('it is JSON, or Markdown for who accepts that, from what was recorded', async () => {
    const incident = (
      await t.store.incidents.open(
        { title: 'checkout fails', text: '', source: 'api', service: null, site: null, requester: null },
        { kind: 'person', id: 'erin' },
      )
    ).incident;
    await resolvedLife(t.store, incident.id);
    const url = `/v1/incidents/${incident.id}/postmortem`;
    const json = (await t.call('GET', url, { token: t.admin })).json();
    expect(json).toMatchObject({
      outcome: 'resolved',
      summary: 'The rollout was undone.',
      causes: [{ title: 'the image cannot be pulled' }],
    });
    expect(json.timeline.map(({ what }: { what: string }) => what)).toEqual(
      expect.arrayContaining(['Incident opened', 'Plan approved', 'Incident closed']),
    );
    const text = await t.call('GET', url, { token: t.admin, headers: { accept: 'text/markdown' } });
    expect(text.headers['content-type']).toContain('text/markdown');
    expect(text.body).toMatch(/^Draft, made from the record/);
    expect((await t.call('GET', '/v1/incidents/nope/postmortem', { token: t.admin })).statusCode).toBe(404);
  });
});
