import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { performAndUndo } from './perform.ts';
import { freePort } from './processes.ts';
import { createTestSite, type TestSite } from './site.ts';
import { type Bucket, startBucket, startThanos, type Thanos } from './thanos.ts';

const metrics = `# TYPE shop_errors_ratio gauge
shop_errors_ratio{service="checkout"} 0.25
`;
const rule = { alert: 'CheckoutFailing', expr: 'shop_errors_ratio > 0.05', labels: { severity: 'page' } };

let thanos: Thanos;
let bucket: Bucket;
let here: TestSite;

beforeAll(async () => {
  [thanos, bucket] = await Promise.all([startThanos({ metrics, groups: [{ name: 'shop', rules: [rule] }] }), startBucket()]);
  here = await createTestSite({ thanos: { url: thanos.url, bucket: { read: bucket.file, write: bucket.file } } });
  await Promise.all(thanos.replicas.map((one) => one.waitFor('ALERTS{alertstate="firing"}')));
});

afterAll(() => Promise.all([thanos?.stop(), bucket?.stop()]));

const whole = { partial: false, warnings: [], warningsOmitted: 0 };

describe('Thanos Query over two replicas', () => {
  it('shows their series as one, or each where it is asked to', async () => {
    const expr = 'shop_errors_ratio';
    const one = await here.reaches('thanos.query', { expr }, [{ pointer: '/value', op: 'eq', value: 0.25 }]);
    expect(one).toMatchObject({ ...whole, samples: [{ labels: { cluster: 'shop', service: 'checkout' } }] });
    const each = await here.output<{ samples: { labels: { replica: string } }[] }>('thanos.query', { expr, dedup: false });
    expect(each.samples.map(({ labels }) => labels.replica).sort()).toEqual(['r0', 'r1']);
  });

  it('has what Prometheus has: ranges, series, labels, rules, alerts, targets', async () => {
    const [start, end] = [new Date(Date.now() - 30_000).toISOString(), new Date().toISOString()];
    expect(await here.output('thanos.query_range', { expr: 'shop_errors_ratio', start, end, step: '1s' })).toMatchObject({
      ...whole,
      series: [{ labels: { service: 'checkout' } }],
    });
    expect(await here.output('thanos.series', { match: 'shop_errors_ratio' })).toMatchObject({
      ...whole,
      series: [{ service: 'checkout' }],
    });
    const { names } = await here.output<{ names: string[] }>('thanos.labels', {});
    expect(names).toContain('service');
    expect(await here.output('thanos.label_values', { label: 'service' })).toMatchObject({ values: ['checkout'] });
    // Each replica has a file of rules of its own.
    const firing = { name: 'CheckoutFailing', state: 'firing', health: 'ok' };
    expect(await here.output('thanos.rules', {})).toMatchObject({ ...whole, rules: [firing, firing] });
    const alert = { state: 'firing', value: 0.25, labels: { service: 'checkout' } };
    expect(await here.output('thanos.alerts', {})).toMatchObject({ ...whole, alerts: [alert, alert] });
    expect(await here.output('thanos.targets', { dedup: false })).toMatchObject({ ...whole, up: 2, notUp: 0 });
  });

  it('says which stores there are, that an answer lacks one of them and why, and fails where that is not wanted', async () => {
    const { stores } = await here.output<{ stores: object[] }>('thanos.stores', {});
    expect(stores).toMatchObject([
      { kind: 'sidecar', lastError: null },
      { kind: 'sidecar', lastError: null },
    ]);
    await thanos.loseSidecar(1);
    const expr = 'shop_errors_ratio';
    const partial = await here.reaches('thanos.query', { expr }, [{ pointer: '/partial', op: 'eq', value: true }]);
    expect(partial).toMatchObject({ value: 0.25, warnings: [expect.stringMatching(/127\.0\.0\.1/)] });
    expect(await here.output('thanos.alerts', {})).toMatchObject({ partial: true });
    expect(await here.read('thanos.query', { expr, partialResponse: false })).toMatchObject({ status: 'error', code: 'unreachable' });
    await here.reaches('thanos.stores', {}, [{ pointer: '/failing', op: 'eq', value: 1 }]);
  });

  it('refuses an expression that does not parse', async () => {
    expect(await here.read('thanos.query', { expr: 'sum(' })).toMatchObject({ status: 'error', code: 'bad_input' });
  });

  it('is unreachable where it is not there', async () => {
    const away = await createTestSite({ thanos: { url: `http://127.0.0.1:${await freePort()}` } });
    expect(await away.read('thanos.stores', {})).toMatchObject({ status: 'error', code: 'unreachable' });
  });
});

describe('a bucket of Thanos', () => {
  const blocks = async (site: TestSite) => (await site.output<{ blocks: { id: string }[] }>('thanos.blocks', {})).blocks;

  it('has blocks, alike by the program and by the API', async () => {
    const byApi = await createTestSite({ thanos: { url: thanos.url, blocks: bucket.url }, binaries: {} });
    const found = await blocks(here);
    expect(found).toMatchObject([{ level: 1, resolution: 0, labels: { cluster: 'shop' }, series: 1, samples: 120 }]);
    await byApi.reaches('thanos.blocks', {}, [{ pointer: '/blocks/0/id', op: 'eq', value: found[0]?.id ?? '' }]);
    expect(await blocks(byApi)).toEqual(found);
  });

  it('has a block marked for deletion, and the mark taken off by its rollback', async () => {
    const [block] = await blocks(here);
    await performAndUndo(here, 'thanos.block_mark', { id: block?.id, details: 'INC-1: overlaps' });
    expect(await here.output('thanos.block_state', { id: block?.id })).toMatchObject({ kept: true });
  });
});
