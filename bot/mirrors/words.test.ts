import { expect, test } from 'vitest';
import { lineOf } from './words.ts';

const line = (kind: string, data: Record<string, unknown>, person = 'alice') => {
  const body = { at: '2026-01-01T10:00:00.000Z', actor: { kind: 'person', id: person }, planId: null, data };
  const { headline, rest } = lineOf({ kind, body } as never, (text) => text);
  return `${headline}: ${rest}`;
};

test.each([
  ['policy.decided', { verdict: 'needs_approval', reasons: ['medium risk'] }, 'Policy demands approval: medium risk; by alice'],
  ['plan.approved', { reason: 'approve by alice' }, 'Plan approved: approve by alice'],
  ['plan.approved', { reason: 'approve by malice' }, 'Plan approved: approve by malice; by alice'],
  ['vote.recorded', { verdict: 'request_changes', reason: 'Not now.' }, 'Vote recorded: request changes; Not now; by alice'],
  ['vote.refused', { message: 'It does not count.' }, 'Vote refused: It does not count; by alice'],
])('%s says nothing twice and nothing in code: %j', (kind, data, words) => {
  expect(line(kind, data)).toBe(words);
});
