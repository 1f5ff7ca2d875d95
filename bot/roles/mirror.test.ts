import { expect, test } from 'vitest';
import { mirrorLinks } from './mirror.ts';

test.each([['https://slack.com/'], ['http://127.0.0.1:4010/']])('a thread is found at the Slack that is the chat: %s', (slack) => {
  const thread = { team: 'T1', channel: 'C1', threadTs: '1767261600.000100' };
  expect(mirrorLinks(null, slack).slackThread(thread)).toBe(`${slack}archives/C1/p1767261600000100`);
});
