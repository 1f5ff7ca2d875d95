import { expect, test } from 'vitest';
import { resultMessage } from './result.ts';
import { links, readable, shown } from './testing.ts';

test('the result says how it ended and links what proves it', () => {
  const view = resultMessage(
    { incidentId: 'inc-1', outcome: 'resolved', summary: 'checkout runs revision 2 again.' },
    { ...shown, state: 'done' },
    links,
  );
  expect(readable(view)).toMatchInlineSnapshot(`
    "Resolved and verified
    checkout runs revision 2 again.
    <https://wk.example/incidents/inc-1|Incident inc-1>
    <https://wk.example/plans/plan-1|Plan plan-1>: Done and verified"
  `);
});

test('without a plan there is nothing about one', () => {
  expect(readable(resultMessage({ incidentId: 'inc-1', outcome: 'healthy', summary: '' }, null, links))).toMatchInlineSnapshot(`
    "Healthy: nothing wrong was found
    <https://wk.example/incidents/inc-1|Incident inc-1>"
  `);
});
