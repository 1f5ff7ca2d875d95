import { expect, test } from 'vitest';
import { bundleHash, type PolicyBundle } from '../../policy/decide.ts';
import { checkBundle } from './check.ts';
import { bundleWithNote, endlessWasm } from './testing.ts';
import { craftedPolicy, denial } from './testing-wasm.ts';

const always = (does: Parameters<typeof craftedPolicy>[0]['rules'][number]['does'], letter?: string) =>
  craftedPolicy({ rules: [{ does, ...(letter && { letter }) }, { does: denial }] });
const answering = (change: object) => always({ answer: [{ result: { ...denial.answer[0]?.result, ...change } }] });
const { wasm } = bundleWithNote('');

test("the built-in policy's form passes, and so does one that denies everything", async () => {
  const built = bundleWithNote('checked');
  expect(await checkBundle(built)).toBe(bundleHash(built));
  const strict = craftedPolicy({ rules: [{ does: denial }] });
  expect(await checkBundle(strict)).toBe(bundleHash(strict));
});

const refused: Record<string, [PolicyBundle, RegExp]> = {
  'no wasm': [{ wasm: Buffer.from('no'), data: Buffer.from('{}') }, /WebAssembly/],
  'half a wasm': [{ wasm: wasm.subarray(0, 100_000), data: Buffer.from('{}') }, /WebAssembly/],
  'data that is no JSON': [{ wasm, data: Buffer.from('{') }, /JSON/],
  'another entry point': [
    craftedPolicy({ rules: [{ does: denial }], entrypoint: 'app/rbac/allow' }),
    /has no entry point policy\/assistant\/v1\/decision: build it with -e/,
  ],
  'a function of the host': [craftedPolicy({ rules: [{ does: denial }], imports: 'exit' }), /it imports env\.exit/],
  'a built-in function that is not there': [
    craftedPolicy({ rules: [{ does: denial }], builtins: ['sprintf', 'http.send', 'time.now_ns'] }),
    /it calls http\.send, time\.now_ns, which the compiled form cannot do/,
  ],
  'no result': [always({ answer: [] }), /gives no decision that counts: ".+": policy gave no decision; .+ and \d+ more$/],
  'no result for votes': [always({ answer: [] }, 'v'), /gives no decision that counts: "voting: .+": policy gave no decision/],
  'a result of another shape': [answering({ allowed: true }), /policy gave a decision of an unknown form \(.*allowed/],
  'a verdict that nobody knows': [answering({ verdict: 'maybe' }), /of an unknown form \(verdict: /],
  'a promise that is broken': [answering({ verdict: 'allow' }), /breaks what every policy has to keep: an unknown operation is denied; /],
  'an error at every question': [always('abort'), /policy could not be evaluated \(made up: the policy gives up\)/],
  'an error at one question': [always('abort', 'a'), /gives no decision that counts: .+could not be evaluated/],
  'memory without end': [always('grow'), /policy could not be evaluated \(unreachable\)/],
};
test.each(Object.entries(refused))('%s is refused in words', async (_, [bundle, reason]) => {
  await expect(checkBundle(bundle)).rejects.toMatchObject({ code: 'policy_bundle_refused', message: expect.stringMatching(reason) });
});

test.each([
  ['while it loads', { wasm: endlessWasm, data: Buffer.from('{}') }, /^the policy takes too long$/],
  ['at one question', always('loop', 'v'), /^the policy takes too long at the question "voting: /],
])('a policy that never ends %s is stopped and refused', async (_, bundle, reason) => {
  await expect(checkBundle(bundle, { totalMs: 20_000, questionMs: 500 })).rejects.toThrow(reason);
});
