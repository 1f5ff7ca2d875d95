import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assertOpaModule } from './module.ts';

const module = (hex: string) => Uint8Array.from(Buffer.from(`0061736d01000000${hex}`, 'hex'));

test("OPA's own output is accepted", () => {
  expect(() => assertOpaModule(Uint8Array.from(readFileSync(new URL('./bundle/policy.wasm', import.meta.url))))).not.toThrow();
});

// The text form of each is its comment.
test.each([
  // (module)
  ['nothing at all', '', 'a memory of its own'],
  // (module (memory 1))
  ['its own memory', '0503010001', 'a memory of its own'],
  // (module (import "env" "memory" (memory 1)) (memory 1))
  ['a second memory', '020f0103656e76066d656d6f72790200010503010001', 'a memory of its own'],
  // (module (type (func)) (import "env" "exit" (func (type 0))))
  ['a function of the host', '010401600000020c0103656e7604657869740000', 'it imports env.exit'],
])('a module with %s is refused', (_, hex, words) => {
  expect(() => assertOpaModule(module(hex))).toThrow(words);
});
