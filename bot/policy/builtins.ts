import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { capabilitiesFile } from '../../policy/sources.ts';

const Capabilities = z.object({ builtins: z.array(z.object({ name: z.string() })) });
const Needed = z.record(z.string(), z.number());

/** https://www.openpolicyagent.org/docs/wasm#exports; loading with these has shown that they are there. */
interface OpaExports {
  /** Address of an object: what the policy calls in its host, by name. */
  builtins(): number;
  /** Address of the text of a value, up to a NUL. */
  opa_json_dump(value: number): number;
}

function inert(): never {
  throw new Error('the policy calls its host before it is asked anything');
}

async function neededBuiltins(wasm: Uint8Array): Promise<readonly string[]> {
  const memory = new WebAssembly.Memory({ initial: 5, maximum: 256 });
  const functions = ['opa_abort', 'opa_println', ...[0, 1, 2, 3, 4].map((count) => `opa_builtin${count}`)];
  const env = { memory, ...Object.fromEntries(functions.map((name) => [name, inert])) };
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(wasm), { env });
  const { builtins, opa_json_dump } = instance.exports as unknown as OpaExports;
  const at = opa_json_dump(builtins());
  const bytes = Buffer.from(memory.buffer);
  return Object.keys(Needed.parse(JSON.parse(bytes.toString('utf8', at, bytes.indexOf(0, at)))));
}

/** A policy that was built without `policy/capabilities.json` may call what is not there: it would fail at the first question that needs it. */
export async function assertKnownBuiltins(wasm: Uint8Array): Promise<void> {
  const { builtins } = Capabilities.parse(JSON.parse(readFileSync(capabilitiesFile, 'utf8')));
  const known = new Set(builtins.map(({ name }) => name));
  const unknown = (await neededBuiltins(wasm)).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`it calls ${unknown.join(', ')}, which the compiled form cannot do: build it with policy/capabilities.json`);
}
