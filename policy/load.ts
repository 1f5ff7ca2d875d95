import { readFile } from 'node:fs/promises';
import { type CompiledPolicy, loadPolicy } from './decide.ts';

/** Loads the bundle that is committed beside the sources. Rejects when it is missing or broken. */
export async function loadCommittedPolicy(): Promise<CompiledPolicy> {
  const [wasm, data] = await Promise.all(
    ['policy.wasm', 'data.json'].map((name) => readFile(new URL(`./bundle/${name}`, import.meta.url))),
  );
  if (wasm === undefined || data === undefined) throw new Error('the policy bundle is incomplete');
  return loadPolicy({ wasm, data });
}
