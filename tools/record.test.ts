import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ToolCall } from './contract.ts';
import type { Execution } from './execute.ts';
import { failureMessage } from './failures.ts';
import { describe as describeOperation } from './kubernetes/describe.ts';
import { events } from './kubernetes/events.ts';
import { logs } from './kubernetes/logs.ts';
import { scale } from './kubernetes/scale.ts';
import type { AnyOperation } from './operation.ts';
import { createRecorder } from './record.ts';
import { createRedactor } from './redaction/index.ts';
import { places, secret } from './redaction/places-testing.ts';

const redactor = createRedactor({ secrets: ['made-up Xq7 words Yb2 in one'], placeholderKey: new Uint8Array(32) });

/** Base64 of a made-up key, as lines. */
const lines = Array.from({ length: 12 }, (_, line) => Buffer.from(`made-up ${line} ${'Zq7w'.repeat(12)}`.slice(0, 48)).toString('base64'));
const token = 'Zk3Vb9Qw7Lx2Tn8Rm4Yc6Ud1Pj5Hs0GfEaXo';
/** Texts with a secret in them, and what of each must not be shown: not even a part of it. */
const planted: readonly (readonly [string, string])[] = [
  ...Object.values(places).map((text) => [text, secret] as const),
  ['made-up Xq7 words Yb2 in one', 'made-up Xq7 words Yb2 in one'],
  [`-----BEGIN RSA PRIVATE KEY-----\n${lines.join('\n')}\n-----END RSA PRIVATE KEY-----`, lines.join('')],
  [`apiVersion: v1\ndata:\n  mail: ${lines[0]}\nkind: Secret\nmetadata:\n  name: a`, lines[0] ?? ''],
  ...[
    `ghp_${token}`,
    `glpat-${token.slice(0, 20)}`,
    `AKIA${'QZ3V7LX2TN4RM6YC'}`,
    `xoxb-123456789012-123456789012-${token.slice(0, 24)}`,
  ].map((text) => [text, text] as const),
];

/** Every part of eight characters that would tell more of it than its public prefix. */
function partsOf(hidden: string): readonly string[] {
  return Array.from({ length: hidden.length - 7 }, (_, at) => hidden.slice(at, at + 8)).slice(hidden.length > 36 ? 8 : 0);
}

const call: ToolCall = {
  ...{ version: 1, callId: 'call', incidentId: 'incident', site: 'shop', operation: 'kubernetes.describe', input: {} },
  ...{ mode: 'run', deadline: '2026-01-01T00:00:00.000Z' },
};

async function recorded(operation: AnyOperation, mode: ToolCall['mode'], execution: Partial<Execution>): Promise<string> {
  const kept: unknown[] = [];
  const recorder = createRecorder({
    redactor,
    execute: async () => ({ exitCode: 0, stdout: '', stderr: '', truncated: false, failure: null, ...execution }),
    now: () => new Date(0),
    observations: { put: async (observation) => String(kept.push(observation)) },
  });
  const via = { kind: 'cli' as const, binary: 'kubectl', argv: [], stdinSha256: null };
  const prepared = { kind: 'prepared' as const, operation, input: {}, command: { kind: 'cli' as const, binary: 'kubectl', argv: [] } };
  const answer = await recorder.executed({ ...call, mode }, prepared, via, {
    ...{ timeoutMs: 1, waitedMs: 0, signal: undefined, credentials: 'read' },
  });
  return JSON.stringify([answer, kept]).replaceAll(/\\n|\\"/g, '');
}

const filler = '2026-01-01T00:00:00Z INFO a request was served within 23 ms\n';
const padding = (length: number) => (length < 1 ? '' : `${filler.repeat(Math.ceil(length / filler.length)).slice(0, length - 1)}\n`);
const event = (message: string) =>
  JSON.stringify({ items: [{ metadata: {}, involvedObject: {}, type: 'Warning', reason: 'Failed', message, count: 1 }] });

/** Where each of them cuts: `at` characters from the side that is kept. */
const cuts: Readonly<
  Record<string, { at: number; keep: 'start' | 'end'; oneLine?: true; of: (text: string) => Promise<string> | string }>
> = {
  'a typed text': { at: 60_000, keep: 'start', of: (stdout) => recorded(describeOperation, 'run', { stdout }) },
  'a log': { at: 60_000, keep: 'end', of: (stdout) => recorded(logs, 'run', { stdout }) },
  'a dry run': { at: 16_384, keep: 'start', of: (stdout) => recorded(scale, 'dry_run', { stdout }) },
  'what a write says': { at: 1_000, keep: 'start', of: (stdout) => recorded(scale, 'run', { stdout }) },
  'what failed': { at: 500, keep: 'start', oneLine: true, of: (text) => failureMessage(text.replaceAll('\n', ' '), redactor) },
  'the last line of a failure': { at: 30, keep: 'end', of: (text) => failureMessage(text, redactor) },
  'a message in a list': { at: 2_000, keep: 'start', of: (message) => recorded(events, 'run', { stdout: event(message) }) },
  'what is kept of the output': { at: 32_768, keep: 'start', of: (stderr) => recorded(describeOperation, 'run', { stderr }) },
};

it.each(Object.entries(cuts))(
  '%s is never cut so that a part of a secret is left that no rule knows',
  async (_, { at, keep, oneLine, of }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...planted.filter(([text]) => oneLine === undefined || !text.includes('\n'))),
        fc.integer({ min: 0, max: 1_000 }),
        async ([text, hidden], where) => {
          // Through the text at any place of it.
          const before = Math.round(at - (where * text.length) / 1_000);
          const whole = keep === 'start' ? `${padding(before)}${text}\n${padding(at)}` : `${padding(at)}${text}\n${padding(before)}`;
          const shown = await of(whole);
          expect(partsOf(hidden).filter((part) => shown.includes(part))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  },
);
