import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readBundleArchive } from './archive.ts';
import { policyEntrypoint } from './decide.ts';
import { buildArguments, sourceNames } from './sources.ts';

/** What the committed wasm was made of: SHA-256 by file name, and of what came out. */
const Manifest = z.strictObject({
  entrypoint: z.string(),
  opaVersion: z.string(),
  sources: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.string()),
});
type Manifest = z.infer<typeof Manifest>;

const here = import.meta.dirname;
const bundleFolder = join(here, 'bundle');
const outputNames = ['policy.wasm', 'data.json'] as const;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hashes(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries([...names].sort().map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

function opaVersion(opa: string): string | null {
  try {
    return /^Version: (\S+)/m.exec(execFileSync(opa, ['version'], { encoding: 'utf8' }))?.[1] ?? null;
  } catch {
    return null;
  }
}

function compile(opa: string): Map<string, Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    const archive = join(folder, 'bundle.tar.gz');
    execFileSync(opa, buildArguments(sourceNames(here), 'capabilities.json', archive), { cwd: here });
    const { wasm, data } = readBundleArchive(readFileSync(archive));
    return new Map([
      ['policy.wasm', wasm],
      ['data.json', data],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function currentSources(): Record<string, string> {
  return hashes(here, [...sourceNames(here), 'capabilities.json']);
}

function build(opa: string, version: string): string {
  for (const [name, bytes] of compile(opa)) writeFileSync(join(bundleFolder, name), bytes);
  const manifest: Manifest = {
    entrypoint: policyEntrypoint,
    opaVersion: version,
    sources: currentSources(),
    outputs: hashes(bundleFolder, outputNames),
  };
  writeFileSync(join(bundleFolder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return `built ${bundleFolder} with opa ${version}`;
}

function differences(kind: string, recorded: Record<string, string>, actual: Record<string, string>): string[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(actual)]);
  return [...names].filter((name) => recorded[name] !== actual[name]).map((name) => `${kind} ${name} is not what the manifest says`);
}

/** Whether the committed bundle belongs to the sources: rebuilt where the same opa is at hand, else by the hashes in its manifest. */
function check(opa: string, version: string | null): { problems: string[]; how: string } {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(bundleFolder, 'manifest.json'), 'utf8')));
  const outputs = hashes(bundleFolder, outputNames);
  const problems = [...differences('source', manifest.sources, currentSources()), ...differences('output', manifest.outputs, outputs)];
  if (version !== manifest.opaVersion) {
    const found = version === null ? 'no opa found' : `opa ${version} found`;
    return { problems, how: `compared by hashes only: ${found}, the bundle is of ${manifest.opaVersion}` };
  }
  for (const [name, bytes] of compile(opa))
    if (sha256(bytes) !== outputs[name]) problems.push(`${name} is not what the sources compile to`);
  return { problems, how: `rebuilt with opa ${version}` };
}

/** `node policy/build.ts [--check] [--opa PATH]`; opa is looked for on PATH otherwise. Exit status 1 when the check fails. */
function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, opa: { type: 'string', default: 'opa' } } });
  const version = opaVersion(values.opa);
  if (!values.check) {
    if (version === null) throw new Error(`building needs opa (https://www.openpolicyagent.org): ${values.opa} does not run`);
    process.stdout.write(`${build(values.opa, version)}\n`);
    return;
  }
  const { problems, how } = check(values.opa, version);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  process.stdout.write(`policy bundle ${problems.length === 0 ? 'is current' : 'is stale'} (${how})\n`);
}

main();
