import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleHash } from '../../policy/decide.ts';
import { readCopy, writeCopy } from './copy.ts';
import { bundleWithNote } from './testing.ts';

const url = 'https://bundles.example/policy.tar.gz?sig=made-up-signature';
const now = new Date('2026-01-01T00:00:00.000Z');

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policy-copy-'));
  file = join(directory, 'data', 'policy-bundle.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('what is kept is read again, whole, with its time, and for its owner only', async () => {
  const bundle = bundleWithNote('kept');
  await writeCopy(file, url, bundleWithNote('before'), now);
  await writeCopy(file, url, bundle, now);
  const kept = await readCopy(file, url);
  expect(kept.at).toBe(now.toISOString());
  expect(bundleHash(kept.bundle)).toBe(bundleHash(bundle));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(directory, 'data'))).toEqual(['policy-bundle.json']);
  expect(readFileSync(file, 'utf8')).not.toContain('made-up');
});

test('what is not whole, not of this URL, or not there is none, and is said to be so', async () => {
  await expect(readCopy(file, url)).rejects.toThrow(`no copy of an earlier bundle is kept in ${file}`);
  await writeCopy(file, url, bundleWithNote('kept'), now);
  await expect(readCopy(file, `${url}&v=2`)).rejects.toThrow('is of another URL');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, 10_000));
  await expect(readCopy(file, url)).rejects.toThrow('is damaged');
  const changed = { ...JSON.parse(text), data: Buffer.from('{"note": "laxer"}').toString('base64') };
  writeFileSync(file, JSON.stringify(changed));
  await expect(readCopy(file, url)).rejects.toThrow('is not what its hash says');
});

test('a writer that is killed at any moment leaves a whole copy', async () => {
  await writeCopy(file, url, bundleWithNote('0'), now);
  const program = `
    import { writeCopy } from ${JSON.stringify(join(import.meta.dirname, 'copy.ts'))};
    import { bundleWithNote } from ${JSON.stringify(join(import.meta.dirname, 'testing.ts'))};
    process.stdout.write('writing');
    for (let i = 0; ; i += 1) await writeCopy(${JSON.stringify(file)}, ${JSON.stringify(url)}, bundleWithNote(String(i)), new Date());`;
  for (let round = 0; round < 5; round += 1) {
    const writer = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(writer.stdout, 'data');
    // Whatever it is at by then.
    await new Promise((resolve) => setTimeout(resolve, 5 + round * 7));
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    expect((await readCopy(file, url)).bundle.wasm.length).toBe(bundleWithNote('').wasm.length);
  }
});
