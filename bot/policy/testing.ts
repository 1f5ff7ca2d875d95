import { readFileSync } from 'node:fs';
import type { PolicyBundle } from '../../policy/decide.ts';

const built = (name: string) => readFileSync(new URL(`../../policy/bundle/${name}`, import.meta.url));

/** For tests: decides as the built-in policy does, under a hash of its own. */
export function bundleWithNote(note: string): PolicyBundle {
  return { wasm: built('policy.wasm'), data: Buffer.from(JSON.stringify({ note })) };
}

/** For tests: `(module (import "env" "memory" (memory 1)) (func (loop (br 0))) (start 0))`. */
export const endlessWasm = Buffer.from(
  '0061736d01000000010401600000020f0103656e76066d656d6f7279020001030201000801000a0901070003400c000b0b',
  'hex',
);
