import { expect, test } from 'vitest';
import { redactData, redactLeaves } from './redact-leaves.ts';
import { mask } from './testing.ts';

test('what people read is masked, what buttons carry is not', () => {
  const block = { type: 'button', value: 's3cr3t-made-up', text: { type: 'plain_text', text: 'x s3cr3t-made-up' } };
  expect(redactLeaves([block], mask)).toEqual([{ ...block, text: { type: 'plain_text', text: 'x [redacted]' } }]);
});

test('data is masked down to its leaves, ids and hashes stay', () => {
  const everything = () => 'masked';
  const data = { id: 'plan-1', requestHash: 'f'.repeat(64), argv: ['--password', 'x'], count: 3, none: null };
  expect(redactData(data, everything)).toEqual({
    id: 'plan-1',
    requestHash: 'f'.repeat(64),
    argv: ['masked', 'masked'],
    count: 3,
    none: null,
  });
});
