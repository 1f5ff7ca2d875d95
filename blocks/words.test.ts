import { expect, test } from 'vitest';
import { approvalWords, confidenceWords } from './words.ts';

test('confidence is a word and a figure', () => {
  expect([0.95, 0.7, 0.5, 0.1].map(confidenceWords)).toEqual(['very likely (95%)', 'likely (70%)', 'possible (50%)', 'unlikely (10%)']);
});

test('two approvals mean two people', () => {
  expect(approvalWords({ needed: 2, roles: ['approver', 'admin'], excludeRequester: true, groups: [] })).toBe(
    'Needs 2 approvals from approver or admin, by different people. The requester’s vote does not count.',
  );
});

test('groups that have to approve are named', () => {
  const groups = [{ group: 'owners:checkout', needed: 1 }];
  expect(approvalWords({ needed: 2, roles: ['approver'], excludeRequester: false, groups })).toBe(
    'Needs 2 approvals from approver, by different people; at least 1 from owners of checkout.',
  );
});

test('no approval needed is said plainly', () => {
  expect(approvalWords({ needed: 0, roles: [], excludeRequester: false, groups: [] })).toBe(
    'Runs automatically: policy asks for no approval.',
  );
});
