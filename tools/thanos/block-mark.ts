import { z } from 'zod';
import type { Check, Expectation } from '../contract.ts';
import { Comment } from '../grammar.ts';
import { Message } from '../message.ts';
import { type CommandResult, write } from '../operation.ts';
import { endingOf } from '../text.ts';
import { bucket, bucketTimeoutMs, Ulid } from './block.ts';
import { BlockState } from './blocks.ts';

const marker = '--marker=deletion-mark.json';
const noDryRunReason = 'thanos tools bucket mark has no dry run';

const kept: Expectation = { pointer: '/kept', op: 'eq', value: true };
const marked: Expectation = { pointer: '/kept', op: 'eq', value: false };

function check(title: string, id: string, expectation: Expectation): Check {
  return { title, operation: 'thanos.block_state', input: { id }, expect: [expectation], withinSeconds: 120, stableSeconds: 0 };
}

/** The program says what it did on standard error, as a log. */
function said({ stderr }: CommandResult): Message {
  return { message: endingOf(stderr.trim()).text };
}

export const blockMark = write({
  name: 'thanos.block_mark',
  tier: 'high',
  summary: 'Mark a block for deletion: queries lose its data soon, and the compactor deletes it after its delay (48 h by default)',
  input: z.strictObject({ id: Ulid, /** Why; kept in the mark. */ details: Comment }),
  output: Message,
  command: ({ id, details }, site) => bucket(site, 'write', ['mark'], [marker, `--id=${id}`, `--details=${details}`]),
  noDryRunReason,
  parse: said,
  timeoutMs: bucketTimeoutMs,
  permissions: ['list objects of the bucket', 'put */deletion-mark.json in the bucket'],
  state: ({ id }) => ({ operation: 'thanos.block_state', input: { id } }),
  stateOutput: BlockState,
  preconditions: () => [kept],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => [marked],
  verification: ({ id }) => [check('The block is marked', id, marked)],
  // Holds until the compactor has deleted the block.
  rollback: ({ id }) => ({ operation: 'thanos.block_unmark', input: { id } }),
});

export const blockUnmark = write({
  name: 'thanos.block_unmark',
  tier: 'high',
  summary: 'Take the mark for deletion off a block that is not deleted yet',
  input: z.strictObject({ id: Ulid }),
  output: Message,
  command: ({ id }, site) => bucket(site, 'write', ['mark'], [marker, `--id=${id}`, '--remove']),
  noDryRunReason,
  parse: said,
  timeoutMs: bucketTimeoutMs,
  permissions: ['list objects of the bucket', 'delete */deletion-mark.json in the bucket'],
  state: ({ id }) => ({ operation: 'thanos.block_state', input: { id } }),
  stateOutput: BlockState,
  preconditions: () => [marked],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => [kept],
  verification: ({ id }) => [check('The block is kept', id, kept)],
  irreversibleReason: 'why the block was marked, and since when, is gone with the mark: marking it anew starts the delay again',
});
