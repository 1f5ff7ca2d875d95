import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binaries-test-'));
  await mkdir(join(folder, 'a', 'kubectl'), { recursive: true });
  await mkdir(join(folder, 'b'));
  for (const name of ['kubectl', 'promtool']) await writeFile(join(folder, 'b', name), '');
  await chmod(join(folder, 'b', 'kubectl'), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

it('finds executable files, by absolute path', async () => {
  const path = `${folder}/a::.:relative:${folder}/b`;
  expect(await findBinaries(['kubectl', 'promtool', 'nowhere'], path)).toEqual({ kubectl: `${folder}/b/kubectl` });
});
