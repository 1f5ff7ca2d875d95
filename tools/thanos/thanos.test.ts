import { describe, expect, it } from 'vitest';
import { sampleSite } from '../testing/examples.ts';
import { completenessOf } from './ask.ts';
import { thanosBlocks } from './blocks.ts';
import { thanosStores } from './stores.ts';

const answer = (more: object) => JSON.stringify({ status: 'success', ...more });
const result = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });

describe('an answer of Thanos', () => {
  it('is partial when a store says so, each reason once, and not because of what the engine says of the expression', () => {
    const lost = 'rpc error: code = Unavailable';
    const remark = 'PromQL info: metric might not be a counter';
    expect(completenessOf(answer({ warnings: [remark, lost, lost] }))).toEqual({
      partial: true,
      warnings: [lost, remark],
      warningsOmitted: 0,
    });
    expect(completenessOf(answer({ warnings: [remark] }))).toMatchObject({ partial: false });
    expect(completenessOf(answer({}))).toEqual({ partial: false, warnings: [], warningsOmitted: 0 });
    expect(completenessOf(answer({ warnings: Array.from({ length: 25 }, (_, at) => `store ${at}`) }))).toMatchObject({
      warningsOmitted: 5,
    });
  });

  it('names stores that do not answer first, and times without an end not at all', () => {
    const store = {
      name: 'a:1',
      lastCheck: '2026-01-02T03:04:05Z',
      lastError: null,
      labelSets: null,
      minTime: -9223372036854776000,
      maxTime: 0,
    };
    const data = { sidecar: [store], store: [{ ...store, name: 'b:1', lastError: 'connection refused' }] };
    expect(thanosStores.parse(result(answer({ data })), {})).toMatchObject({
      failing: 1,
      stores: [
        { address: 'b:1', kind: 'store', lastError: 'connection refused' },
        { address: 'a:1', kind: 'sidecar', lastError: null, from: null, until: '1970-01-01T00:00:00.000Z' },
      ],
    });
  });
});

describe('thanos.blocks', () => {
  const meta = (ulid: string, maxTime: number) => ({
    ...{ ulid, minTime: 0, maxTime, stats: { numSeries: 1, numSamples: 2 }, compaction: { level: 1 } },
    thanos: { labels: { cluster: 'a' }, downsample: { resolution: 0 }, source: 'sidecar' },
  });
  const [old, young] = [meta('01A', 1000), meta('01B', 2000)];
  const printed = [old, young].map((one) => `${JSON.stringify(one, null, '\t')}\n`).join('');
  const ids = (stdout: string, input = {}) => thanosBlocks.parse(result(stdout), input).blocks.map(({ id }) => id);

  it('reads what the program prints and what the API answers alike, the newest first', () => {
    expect(ids(printed)).toEqual(['01B', '01A']);
    expect(ids(answer({ data: { blocks: [old, young], err: null } }))).toEqual(['01B', '01A']);
    expect(ids('')).toEqual([]);
    expect(ids(printed, { from: '1970-01-01T00:00:01.500Z' })).toEqual(['01B']);
  });

  it('fails where the API could not look at the bucket', () => {
    expect(() => ids(answer({ data: { blocks: [old], err: {} } }))).toThrow(expect.objectContaining({ code: 'output_malformed' }));
  });

  it('asks the API where there is no program, and says what to configure where there is neither', () => {
    const without = { ...sampleSite, has: () => false };
    expect(thanosBlocks.command({}, without)).toMatchObject({ kind: 'http', service: 'thanos-blocks', path: '/api/v1/blocks' });
    expect(() => thanosBlocks.command({}, { ...without, url: () => null })).toThrow(expect.objectContaining({ code: 'context_unknown' }));
  });
});
