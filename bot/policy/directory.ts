import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { PolicyBundle } from '../../policy/decide.ts';
import { BundleRefused } from './refused.ts';
import type { BundleSource } from './source.ts';

/** Bytes of each part. */
const largestPart = 8 * 1024 * 1024;

const Manifest = z.object({ outputs: z.record(z.string(), z.string()) });

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

async function readPart(directory: string, name: string): Promise<Buffer> {
  const file = join(directory, name);
  try {
    if ((await stat(file)).size > largestPart) throw new BundleRefused(`${file} is larger than 8 MiB`);
    return await readFile(file);
  } catch (error) {
    throw error instanceof BundleRefused ? error : new BundleRefused(`${file} cannot be read (${reasonOf(error)})`, error);
  }
}

/** Null: none is there. */
async function readManifest(directory: string): Promise<z.infer<typeof Manifest> | null> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')));
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return null;
    throw new BundleRefused(`${join(directory, 'manifest.json')} is not readable`, error);
  }
}

/**
 * The compiled bundle in a directory: `policy.wasm` and `data.json`, and the manifest of `policy/build.ts` where there is one. By its
 * hashes a bundle is recognised that is only half copied. Throws BundleRefused.
 */
export async function readBundleDirectory(directory: string): Promise<PolicyBundle> {
  const [wasm, data, manifest] = await Promise.all([
    readPart(directory, 'policy.wasm'),
    readPart(directory, 'data.json'),
    readManifest(directory),
  ]);
  for (const [name, bytes] of Object.entries({ 'policy.wasm': wasm, 'data.json': data })) {
    const wanted = manifest?.outputs[name];
    if (wanted !== undefined && wanted !== createHash('sha256').update(bytes).digest('hex'))
      throw new BundleRefused(`${join(directory, name)} is not the one that manifest.json names`);
  }
  return { wasm, data };
}

function watchDirectory(directory: string, changed: () => void, log: Logger): () => void {
  try {
    const watcher = watch(directory, { persistent: false }, changed);
    watcher.on('error', (error) => log.warn({ err: error }, 'the policy directory cannot be watched: it is polled'));
    return () => watcher.close();
  } catch (error) {
    log.warn({ err: error }, 'the policy directory cannot be watched: it is polled');
    return () => {};
  }
}

/** The operator's directory. It is its own copy: nothing is kept beside it. */
export function directorySource(directory: string, log: Logger, pollMs = 10_000): BundleSource {
  return {
    name: directory,
    pollMs,
    read: () => readBundleDirectory(directory),
    watch: (changed) => watchDirectory(directory, changed, log),
    kept: async () => null,
    keep: async () => {},
  };
}
