import { trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { createRedactor } from '../tools/redaction/index.ts';
import { createLogger } from './log.ts';

/** Made up for this test. */
const canary = 'canary-Zq81-made-up-for-this-test';

function logger() {
  const lines: string[] = [];
  const redact = createRedactor({ secrets: [canary], placeholderKey: Buffer.alloc(32, 7) });
  return { lines, log: createLogger({ level: 'trace', redact, destination: { write: (line) => void lines.push(line) } }) };
}

class Failure extends Error {
  readonly code = 'failed';
}

test.each<[string, (log: ReturnType<typeof logger>['log']) => void]>([
  ['the message', (log) => log.info(`it is ${canary}`)],
  ['an argument of the message', (log) => log.info('it is %s', canary)],
  ['a field', (log) => log.info({ note: canary }, 'said')],
  ['a nested field', (log) => log.info({ deep: { list: [`x ${canary}`] } }, 'said')],
  ['the name of a field', (log) => log.info({ [canary]: 1 }, 'said')],
  ['a bound field', (log) => log.child({ token: canary }).info('said')],
  [
    'a bound field of a child',
    (log) =>
      log
        .child({ a: 1 })
        .child({ b: `x ${canary}` })
        .info('said'),
  ],
  ['an error', (log) => log.error({ err: new Failure(`it is ${canary}`) }, 'failed')],
  ['an error as the only argument', (log) => log.error(new Failure(`it is ${canary}`))],
  [
    'a cause of a cause',
    (log) => log.error({ err: new Failure('a', { cause: new Failure('b', { cause: new Failure(canary) }) }) }, 'failed'),
  ],
  ['an error under another name', (log) => log.error({ reason: [new Failure(canary)] }, 'failed')],
  ['a property of an error', (log) => log.error({ err: Object.assign(new Failure('a'), { stdout: canary }) }, 'failed')],
  ['base64', (log) => log.info({ body: Buffer.from(canary).toString('base64') }, 'said')],
])('a secret in %s never appears', (_where, write) => {
  const { lines, log } = logger();
  write(log);
  expect(lines).toHaveLength(1);
  expect(lines.join('')).not.toContain(canary);
  expect(lines.join('')).not.toContain(Buffer.from(canary).toString('base64'));
});

test('an error keeps its name, code, message and causes, and no stack', () => {
  const { lines, log } = logger();
  log.error({ err: new Failure('outer', { cause: new RangeError('inner') }) }, 'failed');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    msg: 'failed',
    err: { name: 'Error', code: 'failed', message: 'outer', cause: { name: 'RangeError', message: 'inner' } },
  });
  expect(lines[0]).not.toContain('log.test.ts');
});

test('the message of a failed program is not kept: it holds the command line', () => {
  const { lines, log } = logger();
  log.error(
    { err: Object.assign(new Error('Command failed: kubectl --token=abc'), { name: 'ExecaError', shortMessage: 'kubectl --token=abc' }) },
    'failed',
  );
  expect(lines[0]).not.toContain('kubectl');
});

test('outside of a trace a line has no trace id', () => {
  const { lines, log } = logger();
  expect(trace.getActiveSpan()).toBeUndefined();
  log.info('said');
  expect(JSON.parse(lines[0] ?? '')).not.toHaveProperty('traceId');
});
