import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pino from 'pino';
import { readBundleArchive } from '../../policy/archive.ts';
import type { PolicyBundle } from '../../policy/decide.ts';
import { sourceNames } from '../../policy/sources.ts';
import { readSettings } from '../config.ts';
import { readBundleDirectory } from '../policy/directory.ts';
import { type Opa, openOpa, PolicySourceInvalid } from '../policy/opa.ts';
import type { Variables } from './settings.ts';

/** What `--bundle` names: Rego sources, for which opa is needed, or what was compiled before. */
export type NamedPolicy = { readonly kind: 'sources'; readonly opa: Opa } | { readonly kind: 'compiled'; readonly bundle: PolicyBundle };

async function readArchive(path: string): Promise<PolicyBundle> {
  const archive = await readFile(path);
  try {
    return readBundleArchive(archive);
  } catch (error) {
    throw new PolicySourceInvalid(`${path} is no archive as opa build -t wasm writes it`, error);
  }
}

/** An archive (tar.gz), a directory with policy.wasm and data.json, or a directory with Rego files. Throws PolicySourceInvalid, OpaMissing, BundleRefused. */
export async function namedPolicy(named: string, variables: Variables | undefined): Promise<NamedPolicy> {
  const path = resolve(named);
  if (!existsSync(path)) throw new PolicySourceInvalid(`there is nothing at ${path}`);
  if (!statSync(path).isDirectory()) return { kind: 'compiled', bundle: await readArchive(path) };
  if (sourceNames(path).length === 0 && existsSync(join(path, 'policy.wasm')))
    return { kind: 'compiled', bundle: await readBundleDirectory(path) };
  const searchPath = readSettings(variables).given['PATH'] ?? '';
  return { kind: 'sources', opa: await openOpa(path, searchPath, pino({ level: 'silent' })) };
}

/** The compiled form of whatever is named; sources are built. */
export async function compiledPolicy(named: string, variables: Variables | undefined): Promise<PolicyBundle> {
  const policy = await namedPolicy(named, variables);
  return policy.kind === 'compiled' ? policy.bundle : readBundleArchive(await policy.opa.build());
}
