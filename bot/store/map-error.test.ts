import { ConnectionError, SchemaValidationError, StatementTimeoutError } from 'slonik';
import { describe, expect, test } from 'vitest';
import { mapError } from './map-error.ts';

const withCode = (code: string, message = 'made up') => Object.assign(new Error(message), { code });
/** As the pool wraps a driver's error. */
const wrapped = (cause: Error) => new Error('wrapped', { cause });

describe('what the database says', () => {
  test.each([
    ['53100', 'disk_full'],
    ['53300', 'too_many_connections'],
    ['57P01', 'shutting_down'],
    ['57P03', 'shutting_down'],
    ['08006', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['ECONNRESET', 'unreachable'],
  ])('%s is unavailable: %s', (code, reason) => {
    for (const error of [withCode(code), wrapped(withCode(code))]) {
      expect(mapError(error)).toMatchObject({ code: 'store_unavailable', reason, cause: error });
    }
  });

  test('a refused row is Rejected, and a refused change InvalidTransition', () => {
    expect(mapError(wrapped(Object.assign(withCode('23514'), { constraint: 'c' })))).toMatchObject({ code: 'rejected', constraint: 'c' });
    expect(mapError(withCode('23001'))).toMatchObject({ code: 'invalid_transition' });
  });

  test('errors that the pool makes by itself are known too', () => {
    expect(mapError(new ConnectionError('made up'))).toMatchObject({ code: 'store_unavailable', reason: 'unreachable' });
    expect(mapError(new StatementTimeoutError(new Error('made up')))).toMatchObject({ code: 'store_unavailable', reason: 'timeout' });
  });

  test('a row of the wrong type is a fault, without the row and the parameters', () => {
    const error = new SchemaValidationError({ sql: 'SELECT 1', values: ['hunter2'] }, { n: 'hunter2' }, []);
    expect(mapError(error)).toMatchObject({ code: 'store_fault' });
    expect((mapError(error) as Error).cause).toBeUndefined();
    expect(JSON.stringify(mapError(error), Object.getOwnPropertyNames(mapError(error)))).not.toContain('hunter2');
  });

  test('the values of the failing row are not in the message', () => {
    const error = Object.assign(withCode('23514', 'new row violates check constraint "c"'), { detail: 'Failing row contains (hunter2).' });
    expect((mapError(error) as Error).message).not.toContain('hunter2');
  });

  test('everything else stays as it is', () => {
    for (const error of [new TypeError('bug'), withCode('42703'), 'text', undefined]) expect(mapError(error)).toBe(error);
  });
});
