import type { PolicyBundle } from '../../policy/decide.ts';

/** What a hand-made policy does with a question: answers with this JSON, never ends, gives up as OPA does, or takes all memory. */
type Behaviour = { readonly answer: unknown } | 'loop' | 'abort' | 'grow';

interface When {
  /** First letter of the question's kind, `v` for votes; any when absent. */
  readonly letter?: string;
  /** At least so many bytes of input. */
  readonly atLeast?: number;
  readonly does: Behaviour;
}

interface CraftedPolicy {
  /** The first that fits; the last one should always fit. */
  readonly rules: readonly When[];
  readonly entrypoint?: string;
  /** Name of a function of the host that it imports besides OPA's own. */
  readonly imports?: string;
  /** Built-in functions that it calls. */
  readonly builtins?: readonly string[];
}

/** https://webassembly.github.io/spec/core/binary/ */
const i32 = 0x7f;
const blockOfNothing = 0x40;

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** Signed: the second-highest bit of the last byte is the sign. */
function constant(value: number): number[] {
  const bytes = (rest: number): number[] => (rest < 0x40 ? [rest] : [(rest & 0x7f) | 0x80, ...bytes(rest >>> 7)]);
  return [0x41, ...bytes(value)];
}

const vector = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];
const sized = (bytes: readonly number[]): number[] => [...leb(bytes.length), ...bytes];
const name = (text: string): number[] => sized([...Buffer.from(text)]);
const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(vector(items))];
const functionType = (inputs: number, outputs: number): number[] => [
  0x60,
  ...vector(Array.from({ length: inputs }, () => [i32])),
  ...vector(Array.from({ length: outputs }, () => [i32])),
];

/** Texts that end with a NUL, from 1024 on. */
function texts() {
  const bytes: number[] = [];
  const put = (text: string): number => {
    const at = 1024 + bytes.length;
    bytes.push(...Buffer.from(text), 0);
    return at;
  };
  return { bytes, put };
}

type Put = (text: string) => number;

function bodyOf(behaviour: Behaviour, put: Put): number[] {
  if (behaviour === 'loop') return [0x03, blockOfNothing, 0x0c, 0x00, 0x0b, 0x00];
  if (behaviour === 'abort') return [...constant(put('made up: the policy gives up')), 0x10, 0x00, 0x00];
  // loop; if memory.grow(1) is not -1, again; end; unreachable
  if (behaviour === 'grow') return [0x03, blockOfNothing, ...constant(1), 0x40, 0x00, 0x41, 0x7f, 0x47, 0x0d, 0x00, 0x0b, 0x00];
  return [...constant(put(JSON.stringify(behaviour.answer))), 0x0f];
}

/** Input lies at local 3, and is as long as local 4; its kind starts behind `{"question":"`. */
function ruleOf({ letter, atLeast = 0, does }: When, put: Put): number[] {
  const fits = letter === undefined ? constant(1) : [0x20, 3, 0x2d, 0, 13, ...constant(letter.charCodeAt(0)), 0x46];
  const long = [0x20, 4, ...constant(atLeast), 0x4f];
  return [...fits, ...long, 0x71, 0x04, blockOfNothing, ...bodyOf(does, put), 0x0b];
}

/** Exports of OPA's ABI 1.2 as far as they are used: type of each, and its body. */
function functionsOf({ rules, entrypoint = 'policy/assistant/v1/decision', builtins = [] }: CraftedPolicy, put: Put) {
  const free = 65_536;
  return [
    ['opa_malloc', 1, constant(free)],
    ['opa_json_parse', 2, constant(1)],
    ['opa_heap_ptr_get', 0, constant(free)],
    ['opa_heap_ptr_set', 4, []],
    ['builtins', 0, constant(put(JSON.stringify(Object.fromEntries(builtins.map((one, index) => [one, index])))))],
    ['entrypoints', 0, constant(put(JSON.stringify({ [entrypoint]: 0 })))],
    ['opa_json_dump', 1, [0x20, 0]],
    ['opa_eval', 3, [...rules.flatMap((rule) => ruleOf(rule, put)), 0x00]],
  ] as const satisfies readonly (readonly [string, number, readonly number[]])[];
}

/** For tests, where the behaviour of a policy matters that no Rego shows as surely: a module of OPA's ABI, written by hand. */
export function craftedPolicy(policy: CraftedPolicy): PolicyBundle {
  const { bytes, put } = texts();
  const functions = functionsOf(policy, put);
  const foreign = policy.imports === undefined ? [] : [[...name('env'), ...name(policy.imports), 0x00, 4]];
  const first = 1 + foreign.length;
  const globals = [1, 3].map((version) => [i32, 0, ...constant(version), 0x0b]);
  const exported = functions.map(([title], index) => [...name(title), 0x00, ...leb(first + index)]);
  const versions = ['opa_wasm_abi_version', 'opa_wasm_abi_minor_version'].map((title, index) => [...name(title), 0x03, index]);
  const sections = [
    section(1, [functionType(0, 1), functionType(1, 1), functionType(2, 1), functionType(7, 1), functionType(1, 0)]),
    section(2, [[...name('env'), ...name('opa_abort'), 0x00, 4], ...foreign, [...name('env'), ...name('memory'), 0x02, 0x00, 2]]),
    section(
      3,
      functions.map(([, type]) => [type]),
    ),
    section(6, globals),
    section(7, [...exported, ...versions]),
    section(
      10,
      functions.map(([, , body]) => sized([0, ...body, 0x0b])),
    ),
    section(11, [[0, ...constant(1024), 0x0b, ...sized(bytes)]]),
  ];
  return { wasm: Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]), data: Buffer.from('{}') };
}

function always(verdict: string) {
  const approvals = { needed: 0, roles: [], excludeRequester: true };
  return { answer: [{ result: { verdict, reasons: ['made up'], rules: ['made.up'], approvals, tier: 'high' } }] } satisfies Behaviour;
}

/** What denies everything breaks no promise. */
export const denial = always('deny');
export const allowance = always('allow');
