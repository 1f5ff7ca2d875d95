import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clearWorkplaces, createWorkplace } from './workplace.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workplace-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A process that wrote a credential for its programs. */
async function holder(): Promise<{ readonly secret: string; readonly kill: () => Promise<unknown> }> {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const source = `
    const [{ createWorkplace }, { createPrivateFiles }] = await Promise.all([import(${module('workplace.ts')}), import(${module('held/files.ts')})]);
    process.stdout.write(await createPrivateFiles(createWorkplace()).holding('kubeconfig', 'made-up-secret'));
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [secret] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    secret: secret.toString(),
    async kill() {
      child.kill('SIGKILL');
      return await once(child, 'exit');
    },
  };
}

it('clears away what a killed process left behind, never what a living one has, nor what is somebody else’s or leads elsewhere', async () => {
  const [killed, alive] = await Promise.all([holder(), holder()]);
  expect(readFileSync(killed.secret, 'utf8')).toBe('made-up-secret');
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'kept'), '');
  symlinkSync(dirname(dirname(killed.secret)), join(folder, 'watchkeeper-runner-link'));
  symlinkSync(elsewhere, join(dirname(killed.secret), 'link'));
  const unmarked = join(folder, 'watchkeeper-runner-unmarked');
  mkdirSync(unmarked, { mode: 0o700 });
  expect(await clearWorkplaces()).toBe(0);
  await killed.kill();
  expect(await clearWorkplaces()).toBe(1);
  expect([existsSync(killed.secret), existsSync(dirname(dirname(killed.secret)))]).toEqual([false, false]);
  expect([alive.secret, join(elsewhere, 'kept'), unmarked].map((path) => existsSync(path))).toEqual([true, true, true]);
});

it('is made again where something cleared it away, for many at once, and is gone when it is closed', async () => {
  const place = createWorkplace();
  const first = await place.path();
  rmSync(first, { recursive: true });
  const [second, third] = await Promise.all([place.path(), place.path()]);
  expect([second === third, second === first, existsSync(second)]).toEqual([true, false, true]);
  expect(await clearWorkplaces()).toBe(0);
  await place.close();
  expect(existsSync(second)).toBe(false);
});
