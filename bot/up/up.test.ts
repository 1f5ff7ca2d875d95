import { expect, test } from 'vitest';
import { loadSettings } from '../config.ts';

import { startUp } from './up.ts';

test('a data directory that cannot be made is named by its variable, before anything is started', async () => {
  const said: string[] = [];
  const progress = (line: string) => void said.push(line);
  const options = { settings: loadSettings({}), directory: '/dev/null/nowhere', scenario: 'healthy', port: 0, progress };
  await expect(startUp(options)).rejects.toThrow('WATCHKEEPER_DATA: there is no directory at /dev/null/nowhere');
  expect(said).toEqual([]);
});
