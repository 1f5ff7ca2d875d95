/** https://www.openpolicyagent.org/docs/wasm#imports */
const allowedImports = new Set(['memory', 'opa_abort', 'opa_println', ...[0, 1, 2, 3, 4].map((count) => `opa_builtin${count}`)]);

/** https://webassembly.github.io/spec/core/binary/modules.html#sections */
const memorySection = 5;

/** Unsigned LEB128 at `at`: its value, and where it ends. */
function leb128(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  throw new Error('the wasm is malformed');
}

function hasSection(wasm: Uint8Array, wanted: number): boolean {
  for (let at = 8; at < wasm.length; ) {
    const size = leb128(wasm, at + 1);
    if (wasm[at] === wanted) return true;
    at = size.end + size.value;
  }
  return false;
}

/**
 * A policy reaches nothing but the memory that it is given, which has a limit, and OPA's own functions. Throws when a module asks
 * for more, or brings a memory of its own.
 */
export function assertOpaModule(wasm: Uint8Array<ArrayBuffer>): void {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  const foreign = imports.find(({ module, name }) => module !== 'env' || !allowedImports.has(name));
  if (foreign !== undefined) throw new Error(`the wasm is no policy of OPA: it imports ${foreign.module}.${foreign.name}`);
  if (!imports.some(({ name }) => name === 'memory') || hasSection(wasm, memorySection))
    throw new Error('the wasm is no policy of OPA: it brings a memory of its own');
}
