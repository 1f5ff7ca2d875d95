import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { policyEntrypoint } from './decide.ts';

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

function sourceNames(): string[] {
  return readdirSync(here).filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
}

function hashes(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries([...names].sort().map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

/** One file of an uncompressed ustar archive. */
function fileOfTar(tar: Buffer, name: string): Buffer {
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    const entry = header.subarray(0, 100).toString('utf8').replace(/\0.*$/s, '');
    const size = Number.parseInt(
      header
        .subarray(124, 136)
        .toString('utf8')
        .replace(/[^0-7]/g, '') || '0',
      8,
    );
    if (entry.replace(/^\//, '') === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`opa's bundle holds no ${name}`);
}

function opaVersion(opa: string): string | null {
  try {
    return /^Version: (\S+)/m.exec(execFileSync(opa, ['version'], { encoding: 'utf8' }))?.[1] ?? null;
  } catch {
    return null;
  }
}

function compile(opa: string): Map<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    const archive = join(folder, 'bundle.tar.gz');
    execFileSync(
      opa,
      ['build', '-t', 'wasm', '--capabilities', 'capabilities.json', '-e', policyEntrypoint, '-o', archive, ...sourceNames()],
      { cwd: here },
    );
    const tar = gunzipSync(readFileSync(archive));
    return new Map(outputNames.map((name) => [name, fileOfTar(tar, name)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function currentSources(): Record<string, string> {
  return hashes(here, [...sourceNames(), 'capabilities.json']);
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
