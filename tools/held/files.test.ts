import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createWorkplace } from '../workplace.ts';
import { createPrivateFiles } from './files.ts';

it('gives one file to calls side by side, and keeps the one before for who was just given it', async () => {
  const place = createWorkplace();
  const files = createPrivateFiles(place);
  const ask = (text: string) => Promise.all(Array.from({ length: 12 }, () => files.holding('kubeconfig', text)));
  const [first, second] = [await ask('users: [1]'), await ask('users: [2]')];
  expect([new Set(first).size, new Set(second).size]).toEqual([1, 1]);
  expect([...first, ...second].every((path) => existsSync(path))).toBe(true);
  const [third] = await ask('users: [3]');
  expect([existsSync(first[0] ?? ''), existsSync(second[0] ?? ''), readFileSync(third ?? '', 'utf8')]).toEqual([false, true, 'users: [3]']);
  await files.stop();
  expect(existsSync(third ?? '')).toBe(false);
  await place.close();
  await expect(files.holding('kubeconfig', 'users: [4]')).rejects.toThrow('is being stopped');
});
