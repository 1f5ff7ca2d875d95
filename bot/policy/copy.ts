import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { bundleHash, type PolicyBundle } from '../../policy/decide.ts';
import { sha256Hex } from '../../tools/canonical.ts';
import { BundleRefused } from './refused.ts';
import type { KeptBundle } from './source.ts';

const Copy = z.strictObject({
  version: z.literal(1),
  /** SHA-256 of the whole URL, which may hold a secret. */
  place: z.string(),
  at: z.iso.datetime(),
  /** Hash of the bundle. */
  bundle: z.string(),
  wasm: z.base64(),
  data: z.base64(),
});

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whole, or not at all: whoever is killed in the middle leaves the one that was there. */
async function writeWhole(file: string, text: string): Promise<void> {
  const directory = dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `.${basename(file)}.${randomUUID()}`);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncDirectory(directory);
}

/** Throws what the file system says. */
export async function writeCopy(file: string, url: string, bundle: PolicyBundle, now: Date): Promise<void> {
  const [wasm, data] = [bundle.wasm, bundle.data].map((part) => Buffer.from(part).toString('base64')) as [string, string];
  const copy: z.infer<typeof Copy> = { version: 1, place: sha256Hex(url), at: now.toISOString(), bundle: bundleHash(bundle), wasm, data };
  await writeWhole(file, JSON.stringify(copy));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new BundleRefused(`and no copy of an earlier bundle is kept in ${file}`, error);
    throw new BundleRefused(`and its copy in ${file} cannot be read`, error);
  }
}

function parse(text: string): z.infer<typeof Copy> | null {
  try {
    return Copy.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A copy of what was at another URL is none: that policy could be laxer. Throws BundleRefused when there is none that is whole. */
export async function readCopy(file: string, url: string): Promise<KeptBundle> {
  const copy = parse(await readText(file));
  if (copy === null) throw new BundleRefused(`and its copy in ${file} is damaged`);
  if (copy.place !== sha256Hex(url)) throw new BundleRefused(`and the copy in ${file} is of another URL`);
  const bundle = { wasm: Buffer.from(copy.wasm, 'base64'), data: Buffer.from(copy.data, 'base64') };
  if (bundleHash(bundle) !== copy.bundle) throw new BundleRefused(`and its copy in ${file} is not what its hash says`);
  return { bundle, at: copy.at };
}
