import { expect, test } from 'vitest';
import { stoppedMessage } from './stopped.ts';
import { readable } from './testing.ts';

const stop = {
  reason: 'the target changed since the approval: revision is 9, expected 8',
  difference: '- revision: 8\n+ revision: 9',
  again: true,
};

test('what differs from the approval stands side by side, and that it is asked for anew', () => {
  expect(readable(stoppedMessage(stop))).toMatchInlineSnapshot(`
    "*Stopped: nothing was changed.* the target changed since the approval: revision is 9, expected 8
    | - revision: 8
    | + revision: 9
    I look again now, and ask anew when there is still something to fix. The earlier approvals do not count for that."
  `);
});

test('without a difference, and for the last time', () => {
  const text = readable(stoppedMessage({ ...stop, difference: null, again: false }));
  expect(text).not.toContain('- revision');
  expect(text).toContain('mention me in a new message');
});

test('text from outside stays text', () => {
  const text = readable(stoppedMessage({ reason: '<!channel> & <@U1>', difference: '<!here>', again: false }));
  expect(text).toContain('&lt;!channel&gt;');
});
