import { expect, test } from 'vitest';
import { StoreUnavailable } from '../store/errors.ts';
import { adviceOf, statusOf } from './exit-status.ts';

test('a database that is away is named by the variable that says where it is', () => {
  const away = new StoreUnavailable('unreachable', null);
  expect(adviceOf(away)).toContain('DATABASE_URL');
  expect(adviceOf(new StoreUnavailable('timeout', null))).toBeNull();
  expect(statusOf(away)).toBe(1);
});
