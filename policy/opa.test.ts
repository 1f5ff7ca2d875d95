import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolicyInput } from './contract.ts';
import { loadCommittedPolicy } from './load.ts';
import { readDecisionTable } from './table.ts';

const folder = import.meta.dirname;
const hasOpa = spawnSync('opa', ['version']).status === 0;

/** Well-formed questions near the rows of the table: fields of one row in place of another's. */
function questions(): unknown[] {
  const rows = readDecisionTable().map((row) => row.input);
  const mixed = fc
    .tuple(fc.constantFrom(...rows), fc.constantFrom(...rows))
    .chain(([base, other]) =>
      fc
        .subarray(Object.keys(base).filter((key) => key !== 'question' && key in other))
        .map((keys) => ({ ...base, ...Object.fromEntries(keys.map((key) => [key, other[key]])) })),
    );
  return fc.sample(
    mixed.filter((question) => PolicyInput.safeParse(question).success),
    500,
  );
}

describe.runIf(hasOpa)('with opa on PATH', () => {
  it("opa's own tests pass and cover every rule", () => {
    const out = execFileSync('opa', ['test', folder, '--coverage', '--threshold', '100', '--timeout', '60s'], { encoding: 'utf8' });
    expect(JSON.parse(out)).toMatchObject({ coverage: 100 });
  });

  it('sources are formatted and strictly valid', () => {
    expect(execFileSync('opa', ['fmt', '--list', folder], { encoding: 'utf8' })).toBe('');
    expect(execFileSync('opa', ['check', '--strict', '--ignore', '*.json', folder], { encoding: 'utf8' })).toBe('');
  });

  it('the wasm decides as opa does', async () => {
    const policy = await loadCommittedPolicy();
    const inputs = questions();
    const query = '[decision | some question in input; decision := data.policy.assistant.v1.decision with input as question]';
    const out = execFileSync('opa', ['eval', '--data', folder, '--stdin-input', '--format', 'raw', query], {
      input: JSON.stringify(inputs),
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    const decisions: unknown = JSON.parse(out);
    const own = inputs.map((input) => {
      const decision = policy.decide(input as PolicyInput);
      const own = decision.rules.filter((rule) => rule !== 'policy.changed');
      return { ...decision, reasons: decision.reasons.slice(0, own.length), rules: own };
    });
    expect(own).toEqual(decisions);
  });
});
