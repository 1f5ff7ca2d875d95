import { describe, expect, it } from 'vitest';
import type { PolicyInput } from './contract.ts';
import { loadPolicy } from './decide.ts';
import { loadCommittedPolicy } from './load.ts';
import { readDecisionTable } from './table.ts';

const policy = await loadCommittedPolicy();
const table = readDecisionTable();

/** Policy is asked with what no type promises. */
function decide(input: unknown) {
  return policy.decide(input as PolicyInput);
}

function inputOf(name: string): Record<string, unknown> {
  const row = table.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return structuredClone(row.input);
}

describe('the decision table, through the wasm', () => {
  it.each(table)('$name', ({ input, want }) => {
    const decision = decide(input);
    // A bundle other than the one that approved adds its own reason.
    const reasons = decision.reasons.filter((reason) => !reason.startsWith('policy has changed since approval'));
    const rules = decision.rules.filter((rule) => rule !== 'policy.changed');
    expect({ ...decision, reasons, rules }).toMatchObject(want);
    expect({ reasons, rules }).toEqual({ reasons: want['reasons'], rules: want['rules'] });
  });
});

describe('decide fails closed', () => {
  const cyclic: Record<string, unknown> = inputOf('reads are automatic');
  cyclic['site'] = cyclic;
  const plan = inputOf('medium needs one by another');
  const hostile: Record<string, unknown> = {
    undefined: undefined,
    null: null,
    'a string': 'read',
    'an array': [],
    'an unknown question': { question: 'why' },
    'a time that is not a number': { ...inputOf('reads are automatic'), nowMs: Number.NaN },
    'an infinite time': { ...inputOf('reads are automatic'), nowMs: Number.POSITIVE_INFINITY },
    'a negative budget': {
      ...plan,
      budgets: { stepsPerPlan: -1, targetsPerStep: 5, replicasPerStep: 5, percentPerStep: 5, writesPerHour: 5 },
    },
    'a field too many': { ...plan, admin: true },
    'a rule of an unknown mode': { ...plan, autonomy: { rules: [{ mode: 'always' }] } },
    'a window that ends before it starts': {
      ...plan,
      autonomy: { rules: [{ mode: 'automatic', windows: [{ days: [1], fromMinute: 9, toMinute: 9 }] }] },
    },
    'a cycle': cyclic,
    'a throwing getter': Object.defineProperty({}, 'question', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    }),
    'a prototype in place of a question': JSON.parse('{"__proto__": {"question": "read"}, "constructor": {"question": "read"}}'),
    'an inherited subject': Object.setPrototypeOf(
      { question: 'ask', nowMs: 1 },
      { subject: inputOf('responder opens incidents')['subject'] },
    ),
    'too many steps': { ...plan, steps: Array.from({ length: 101 }, (_, i) => ({ ...inputOf('low needs one approval'), id: String(i) })) },
    'names of a million characters': { ...plan, freezes: [{ name: 'x'.repeat(1_000_001), fromMs: 0, toMs: 1, until: 'soon' }] },
  };
  it.each(Object.entries(hostile))('%s is denied', (_, input) => {
    const decision = decide(input);
    expect(decision.verdict).toBe('deny');
    expect(decision.approvals).toEqual({ needed: 0, roles: [], excludeRequester: true, groups: [] });
  });

  it.each(table.filter((row) => row.want['verdict'] !== 'deny' && row.input['question'] !== 'read'))(
    '$name, with any field missing',
    ({ input }) => {
      for (const field of Object.keys(input)) {
        const { [field]: _, ...rest } = input;
        expect(decide(rest).verdict, field).toBe('deny');
      }
    },
  );

  it('a question as large as the schema allows is still answered or denied', () => {
    const freezes = Array.from({ length: 500 }, (_, i) => ({
      name: `${i}`.repeat(60),
      sites: Array.from({ length: 100 }, () => 'x'.repeat(60)),
      fromMs: 0,
      toMs: 1,
      until: 'soon',
    }));
    expect(decide({ ...plan, freezes })).toMatchObject({
      verdict: 'deny',
      reasons: ['policy was asked too large a question'],
      rules: ['question.too_large'],
    });
  });

  it('answers after a denial as before', () => {
    decide({ question: 'why' });
    expect(decide(inputOf('reads are automatic')).verdict).toBe('allow');
  });

  it('a bundle that is not wasm, or has no data, does not load', async () => {
    await expect(loadPolicy({ wasm: Buffer.from('no'), data: Buffer.from('{}') })).rejects.toThrow();
  });
});
