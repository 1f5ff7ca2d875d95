import { expect, it } from 'vitest';
import { secretsIn } from './secret-values.ts';

it.each(['!made-up-Passw0rd', '%made up\nand more', '!made-up'])('a value such as %j is printed nowhere', async (text) => {
  const warned: string[] = [];
  const hear = ({ message }: Error) => warned.push(message);
  process.on('warning', hear);
  secretsIn(text);
  // Warnings are told in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', hear);
  expect(warned).toEqual([]);
});
