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

test('what is closed cannot be cancelled', () => {
  for (const render of [progressPlan, progressSections])
    expect(readable(render({ ...progress, open: false }))).not.toContain('incident.cancel');
});
