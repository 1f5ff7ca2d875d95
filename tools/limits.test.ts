import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Observation } from './contract.ts';
import { type Bench, createBench, grantFor, toolCall } from './testing/runner.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('more calls than a system is given at once', () => {
  /** kubectl notes that it begins, and ends when the test says so. */
  const slow = `echo begun >> "$(dirname "$0")/begun"; while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.02; done; echo text`;
  const begun = async () => (await readFile(`${bench.folder}/begun`, 'utf8').catch(() => '')).split('\n').length - 1;
  const logs = (callId: string) => toolCall({ callId, operation: 'kubernetes.logs', input: { namespace: 'shop', pod: 'web-1' } });
  beforeEach(async () => {
    await bench.kubectl(slow);
    Reflect.set(bench.site, 'limits', { kubernetes: { concurrent: 2, waiting: 2, waitSeconds: 20 } });
  });

  it('wait for their turn, which is seen in what they observed; in excess of that they are refused, and use no grant up', async () => {
    const waiting = ['a', 'b', 'c', 'd'].map((callId) => bench.runner.call(logs(callId)));
    const refused = await bench.runner.call(toolCall({ callId: 'e', grant: await grantFor(bench) }));
    expect(refused).toMatchObject({
      status: 'error',
      code: 'busy',
      message: expect.stringMatching(/2 calls to kubernetes at once, and 2 wait/),
    });
    expect(bench.ledger.claims).toEqual([]);
    await expect.poll(begun).toBe(2);
    await writeFile(`${bench.folder}/go`, '');
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const waited = bench.observations.map(({ callId, waitedMs }) => [callId, waitedMs !== undefined]);
    expect(waited.toSorted()).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
      ['d', true],
    ]);
    expect(bench.observations.map((observation) => Observation.parse(observation))).toEqual(bench.observations);
  });

  it('are not held up by calls to another system, nor for longer than their deadline', async () => {
    const slowOnes = ['a', 'b'].map((callId) => bench.runner.call(logs(callId)));
    await expect.poll(begun).toBe(2);
    expect(await bench.runner.call(toolCall({ operation: 'prometheus.alerts', input: {} }))).toMatchObject({ code: 'context_unknown' });
    const deadline = new Date(bench.now.getTime() + 100).toISOString();
    expect(await bench.runner.call({ ...logs('c'), deadline })).toMatchObject({
      code: 'busy',
      message: expect.stringContaining('in time'),
    });
    await writeFile(`${bench.folder}/go`, '');
    await Promise.all(slowOnes);
    expect(await begun()).toBe(2);
  });

  it('leave the queue when they are cancelled', async () => {
    const slowOnes = ['a', 'b'].map((callId) => bench.runner.call(logs(callId)));
    const controller = new AbortController();
    const cancelled = bench.runner.call(logs('c'), controller.signal);
    const last = bench.runner.call(logs('d'));
    await expect.poll(begun).toBe(2);
    controller.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled', observation: null });
    const next = bench.runner.call(logs('e'));
    await writeFile(`${bench.folder}/go`, '');
    expect((await Promise.all([...slowOnes, last, next])).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(await begun()).toBe(4);
  });
});
