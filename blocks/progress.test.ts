import { expect, test } from 'vitest';
import type { ShownProgress } from './progress.ts';
import { progressPlan } from './progress-plan.ts';
import { progressSections } from './progress-sections.ts';
import { readable } from './testing.ts';

const progress: ShownProgress = {
  incidentId: 'inc-1',
  headline: 'Investigating checkout',
  tasks: [
    { title: 'Pods', state: 'done', detail: '2 of 3 are not ready' },
    { title: 'Events', state: 'running' },
    { title: 'Metrics', state: 'failed', detail: 'unreachable' },
  ],
  open: true,
};

test('where plan blocks are known, every probe is a task card', () => {
  expect(readable(progressPlan(progress))).toMatchInlineSnapshot(`
    "Investigating checkout (2 of 3)
    Pods
    2 of 3 are not ready
    Events
    Metrics
    unreachable
    [Cancel] incident.cancel"
  `);
  expect(JSON.stringify(progressPlan(progress))).toContain('"status":"in_progress"');
});

test('where they are not, every probe is a line', () => {
  expect(readable(progressSections(progress))).toMatchInlineSnapshot(`
    "*Investigating checkout (2 of 3)*
    ✓ Pods: 2 of 3 are not ready
    ◐ Events
    ✗ Metrics: unreachable
    [Cancel] incident.cancel"
  `);
});

test('reads of one kind are one line, in the place of the first, that says how many have ended', () => {
  const group = 'Measures';
  const [pods, ...rest] = progress.tasks;
  const measures = ['Restarts', 'Memory', 'CPU'].map((title) => ({ title, group, state: 'running' as const }));
  const shown = (...changed: readonly { readonly state: 'done' | 'failed'; readonly detail?: string }[]) => {
    const now = measures.map((task, index) => ({ ...task, ...changed[index] }));
    const tasks = [...(pods ? [pods] : []), ...now.slice(0, 2), ...rest, ...now.slice(2)];
    const text = readable(progressSections({ ...progress, tasks }));
    expect(readable(progressPlan({ ...progress, tasks })).match(/Measures: .*/g)).toEqual(text.match(/Measures: \d of \d/g));
    return text.split('\n').slice(1, -1);
  };
  const failed = { state: 'failed', detail: 'unreachable' } as const;
  expect(shown({ state: 'done' })).toEqual(['✓ Pods: 2 of 3 are not ready', '◐ Measures: 1 of 3', '◐ Events', '✗ Metrics: unreachable']);
  expect(shown({ state: 'done' }, failed, { state: 'done' })[1]).toBe('✓ Measures: 3 of 3: 1 could not be read: Memory');
  expect(shown(failed, failed, failed)[1]).toBe('✗ Measures: 3 of 3: 3 could not be read: Restarts, Memory, CPU');
});

test('what is closed cannot be cancelled', () => {
  for (const render of [progressPlan, progressSections])
    expect(readable(render({ ...progress, open: false }))).not.toContain('incident.cancel');
});
