import { describe, expect, it } from 'vitest';
import type { ToolAnswer, ToolErrorCode } from '../../tools/contract.ts';
import { effectAfter } from './effect.ts';

const step = {
  probe: [{ pointer: '/status', op: 'eq' as const, value: 'deployed' }],
  untouched: [{ pointer: '/revision', op: 'eq' as const, value: 3 }],
};
const state = (output: unknown): ToolAnswer => ({ status: 'ok', callId: 'c', observation: 'a'.repeat(64), output });
const unread: ToolAnswer = { status: 'error', callId: 'c', observation: null, code: 'unreachable', message: 'no route' };
const [asBefore, done, half] = [
  { status: 'failed', revision: 3 },
  { status: 'deployed', revision: 4 },
  { status: 'failed', revision: 4 },
];

function effectOf(code: ToolErrorCode, output: unknown, of: Parameters<typeof effectAfter>[1] = step): string {
  return effectAfter({ code, message: 'it said no' }, of, state(output)).kind;
}

describe('a write that failed', () => {
  it('is there where its effect is, whatever its program said', () => {
    for (const code of ['failed', 'timeout', 'grant_claimed'] as const) expect(effectOf(code, done)).toBe('there');
  });

  it('has changed nothing only where the target is as it was', () => {
    expect(effectOf('failed', asBefore)).toBe('absent');
    expect(effectOf('forbidden', asBefore)).toBe('absent');
    expect(effectAfter({ code: 'failed', message: 'it said no' }, step, state(half))).toEqual({
      ...{ kind: 'unknown', reason: 'it said no; a part of it may have happened' },
    });
  });

  it.each(['timeout', 'cancelled', 'unreachable', 'grant_claimed'] as const)('may still be under way after %s', (code) => {
    expect(effectOf(code, asBefore)).toBe('unknown');
  });

  it.each(['grant_missing', 'cli_missing', 'busy', 'version_skew'] as const)(
    'was never started after %s, whoever changed the target',
    (code) => {
      expect(effectOf(code, half)).toBe('absent');
    },
  );

  it('counts for unknown where the state cannot tell, or cannot be read', () => {
    expect(effectOf('failed', asBefore, { ...step, untouched: null })).toBe('unknown');
    expect(effectAfter({ code: 'cli_missing', message: 'm' }, step, unread).kind).toBe('unknown');
  });

  it('is taken as it was before in a history of before', () => {
    expect(effectOf('failed', half, { probe: step.probe })).toBe('absent');
    expect(effectOf('grant_claimed', asBefore, { probe: step.probe })).toBe('unknown');
  });
});
