import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureProbes } from '../../workflows/diagnosis/measures.ts';
import { freePort } from './processes.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { createTestSite, type TestSite } from './site.ts';

const metrics = `# TYPE shop_errors_ratio gauge
shop_errors_ratio{service="checkout"} 0.25
shop_errors_ratio{service="cart"} 0
`;
const rule = { alert: 'CheckoutFailing', expr: 'shop_errors_ratio{service="checkout"} > 0.05', labels: { severity: 'page' } };
const recorded = { record: 'shop:errors:max', expr: 'max(shop_errors_ratio)' };

let prometheus: Prometheus;

beforeAll(async () => {
  prometheus = await startPrometheus({ metrics, groups: [{ name: 'shop', rules: [rule, recorded] }] });
  await prometheus.waitFor('ALERTS{alertname="CheckoutFailing", alertstate="firing"}');
  await prometheus.waitFor('shop:errors:max');
});

afterAll(() => prometheus?.stop());

describe.each([
  ['promtool', 'cli', undefined],
  ['the HTTP API', 'http', {}],
] as const)('by %s', (_way, kind, binaries) => {
  const site = (): Promise<TestSite> =>
    createTestSite({ prometheus: { url: prometheus.url }, ...(binaries === undefined ? {} : { binaries }) });

  it('an instant query has one value', async () => {
    const here = await site();
    const answer = await here.read('prometheus.query', { expr: 'shop_errors_ratio{service="checkout"}' });
    expect(here.observationOf(answer)).toMatchObject({ via: { kind }, output: { value: 0.25 } });
  });

  it('a query over a time has points of that time', async () => {
    const here = await site();
    const end = new Date();
    const start = new Date(end.getTime() - 60_000);
    const input = { expr: 'shop_errors_ratio', start: start.toISOString(), end: end.toISOString(), step: '1s' };
    const answer = await here.read('prometheus.query_range', input);
    const { series } = here.observationOf(answer).output as { series: { labels: { service?: string }; points: [number, number][] }[] };
    expect(series.map(({ labels }) => labels.service).sort()).toEqual(['cart', 'checkout']);
    expect(series.find(({ labels }) => labels.service === 'checkout')?.points.at(-1)?.[1]).toBe(0.25);
    expect(here.observationOf(answer).via.kind).toBe(kind);
  });

  it('series lists label sets', async () => {
    const here = await site();
    const answer = await here.read('prometheus.series', { match: 'shop_errors_ratio' });
    const { series } = here.observationOf(answer).output as { series: { service?: string }[] };
    expect(series.map(({ service }) => service).sort()).toEqual(['cart', 'checkout']);
    expect(here.observationOf(answer).via.kind).toBe(kind);
  });

  it('rules say what fires and what is recorded', async () => {
    const { rules } = await (await site()).output<{ rules: object[] }>('prometheus.rules', {});
    expect(rules).toContainEqual(
      expect.objectContaining({ group: 'shop', name: 'CheckoutFailing', kind: 'alerting', state: 'firing', health: 'ok' }),
    );
    expect(rules).toContainEqual(expect.objectContaining({ name: 'shop:errors:max', kind: 'recording' }));
  });

  it('alerts are those that fire', async () => {
    const { alerts } = await (await site()).output<{ alerts: object[] }>('prometheus.alerts', {});
    expect(alerts).toEqual([
      expect.objectContaining({
        state: 'firing',
        value: 0.25,
        labels: expect.objectContaining({ alertname: 'CheckoutFailing', severity: 'page' }),
      }),
    ]);
  });

  it('takes every query of the measures that an investigation reads', async () => {
    const here = await site();
    const answers = await Promise.all(
      measureProbes('real', ['shop'], new Date()).map(({ operation, input }) => here.read(operation, input)),
    );
    expect(answers.filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  it('labels have names and values', async () => {
    const here = await site();
    expect((await here.output<{ names: string[] }>('prometheus.labels', { match: 'shop_errors_ratio' })).names).toContain('service');
    const answer = await here.read('prometheus.label_values', { label: 'service', match: 'shop_errors_ratio' });
    expect(here.observationOf(answer)).toMatchObject({ via: { kind }, output: { values: ['cart', 'checkout'], omitted: 0 } });
  });

  it('targets are up, and the database counts their series', async () => {
    const here = await site();
    expect(await here.output('prometheus.targets', {})).toMatchObject({
      up: 1,
      notUp: 0,
      targets: [{ pool: 'shop', health: 'up', lastError: null }],
    });
    const status = await here.output<{ series: number; seriesByMetric: { name: string; value: number }[] }>('prometheus.tsdb_status', {});
    expect(status.seriesByMetric).toContainEqual({ name: 'shop_errors_ratio', value: 2 });
    expect(status.series).toBeGreaterThan(2);
  });

  it('an expression that does not parse is bad input', async () => {
    expect(await (await site()).read('prometheus.query', { expr: 'sum(' })).toMatchObject({ status: 'error', code: 'bad_input' });
  });

  it('a Prometheus that is away is unreachable', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const away = await createTestSite({ prometheus: { url }, ...(binaries === undefined ? {} : { binaries }) });
    expect(await away.read('prometheus.query', { expr: 'up' })).toMatchObject({ status: 'error', code: 'unreachable' });
  });
});
