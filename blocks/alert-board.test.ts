import { expect, test } from 'vitest';
import { alertBoard, type ShownAlert } from './alert-board.ts';
import { readable } from './testing.ts';

const alert = (change: Partial<ShownAlert> = {}): ShownAlert => ({
  title: 'checkout returns errors',
  status: 'firing',
  urgency: 'high',
  service: 'checkout',
  url: null,
  startsAt: '2026-11-23T14:05:00.000Z',
  ...change,
});

test('the list says how many there are, and shows the first of them', () => {
  const first = [
    alert({ url: 'https://shop.pagerduty.example/incidents/Q1' }),
    alert({ title: '<!channel> look', urgency: 'low', service: null }),
    alert({ title: 'slow ~ very', status: 'resolved' }),
  ];
  expect(readable(alertBoard({ firing: 199, acknowledged: 0, resolved: 1, first }))).toMatchInlineSnapshot(`
    "*200 alerts: 199 firing, 1 resolved*
    • checkout returns errors · checkout · firing · since <!date^1795442700^{date_short_pretty} {time}|2026-11-23 14:05 UTC> · <https://shop.pagerduty.example/incidents/Q1|PagerDuty>
    • &lt;!channel&gt; look · low urgency, firing · since <!date^1795442700^{date_short_pretty} {time}|2026-11-23 14:05 UTC>
    • ~slow ∼ very~ · checkout · resolved · since <!date^1795442700^{date_short_pretty} {time}|2026-11-23 14:05 UTC>
    … (197 more)"
  `);
});

test('a list that is whole says nothing of more', () => {
  expect(readable(alertBoard({ firing: 1, acknowledged: 0, resolved: 0, first: [alert()] }))).not.toContain('more');
});
