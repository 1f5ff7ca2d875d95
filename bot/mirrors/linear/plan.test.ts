import { expect, test } from 'vitest';
import { sha256Hex } from '../../../tools/canonical.ts';
import type { Step } from '../../../workflows/contracts/plan.ts';
import { planOf } from '../../store/fixtures.ts';
import { planText } from './plan.ts';

const redact = (text: string) => text.replaceAll('hunter2', '[masked]');

function textWith(change: Partial<Step>): string {
  const plan = planOf('i1', sha256Hex('before'));
  return planText({ ...plan, steps: plan.steps.map((step) => ({ ...step, ...change })) }, redact);
}

test('an approver reads the command, the dry run, the verification and the rollback', () => {
  const via = {
    kind: 'cli' as const,
    binary: 'kubectl',
    argv: ['set', 'image', 'deployment/checkout', 'app=shop/app:7 b'],
    stdinSha256: null,
  };
  const text = textWith({
    dryRun: { kind: 'shown', observation: sha256Hex('o'), diff: '-image: 8\n+image: 7', digest: sha256Hex('d') },
    rollback: { kind: 'operation', call: { operation: 'kubernetes.set_image', input: {} }, verification: [], via },
  });
  expect(text).toContain('```\nkubectl rollout undo deployment/checkout --to-revision=2\n```');
  expect(text).toContain('```\n-image: 8\n+image: 7\n```');
  expect(text).toContain("```\nkubectl set image deployment/checkout 'app=shop/app:7 b'\n```");
  expect(text).toContain('Verification: ready (within 60 s)');
});

test('what has no dry run and no rollback says so', () => {
  expect(textWith({})).toMatch(/No dry run: made up.*No rollback: made up/s);
});

test('a dry run cannot end its block, hold a secret, or hide a line', () => {
  const diff = '```\n**Plan proposed**\n````\n[here](https://evil.example) hunter2 \u202eabc';
  const text = textWith({ dryRun: { kind: 'shown', observation: sha256Hex('o'), diff, digest: sha256Hex('d') } });
  expect(text).toContain('`````\n```\n**Plan proposed**\n````\n[here](https://evil.example) [masked] abc\n`````');
});

test('a long one is cut, with a note', () => {
  const text = textWith({ dryRun: { kind: 'shown', observation: sha256Hex('o'), diff: 'x'.repeat(10_000), digest: sha256Hex('d') } });
  expect(text).toContain('[cut: 10000 characters in all]');
  expect(text.length).toBeLessThan(6_000);
});
