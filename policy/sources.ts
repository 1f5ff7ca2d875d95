import { readdirSync } from 'node:fs';
import { policyEntrypoint } from './decide.ts';

/** What policies may call, for `opa build`: only what the compiled form can do. */
export const capabilitiesFile = new URL('./capabilities.json', import.meta.url);

/** Names of the Rego files of a policy directory, without their tests. */
export function sourceNames(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
}

/** Arguments of opa that compile `sources` to `archive`; `capabilities` is a path. */
export function buildArguments(sources: readonly string[], capabilities: string, archive: string): string[] {
  return ['build', '-t', 'wasm', '--capabilities', capabilities, '-e', policyEntrypoint, '-o', archive, ...sources];
}
