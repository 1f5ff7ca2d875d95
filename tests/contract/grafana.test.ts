import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, type Png } from '../../tools/png.ts';
import { perform, performAndUndo } from '../real/perform.ts';
import { createTestSite, type TestSite } from '../real/site.ts';
import { blackPicture, type Grafana, grafanaTokens, startGrafana } from './stand-ins/grafana.ts';

let directory: string;
let grafana: Grafana;
let here: TestSite;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watchkeeper-grafana-'));
  const token = { read: join(directory, 'read'), write: join(directory, 'write') };
  await Promise.all([writeFile(token.read, grafanaTokens.reader), writeFile(token.write, `${grafanaTokens.writer}\n`)]);
  grafana = await startGrafana();
  here = await createTestSite({ grafana: { url: grafana.url, token }, binaries: {} });
});

afterAll(async () => {
  await grafana?.stop();
  await rm(directory, { recursive: true, force: true });
});

const times = { from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T04:00:00.000Z' };

describe('reads of Grafana', () => {
  it('find dashboards, and their panels with queries, also in rows that are folded', async () => {
    expect(await here.output('grafana.search', { query: 'shop' })).toEqual({
      dashboards: [{ uid: 'shop', title: 'Shop', folder: 'Teams', tags: ['shop'] }],
      more: false,
    });
    expect(await here.output('grafana.dashboard', { uid: 'shop' })).toMatchObject({
      ...{ title: 'Shop', version: 7, updatedBy: 'ada', variables: ['cluster'], omitted: 0 },
      panels: [
        { id: 4, title: 'Errors', type: 'timeseries', datasource: 'prom', queries: ['rate(errors[5m])'] },
        { id: 5, title: 'Orders', datasource: null, queries: ['SELECT 1'] },
      ],
    });
    expect(await here.read('grafana.dashboard', { uid: 'none' })).toMatchObject({ status: 'error', code: 'not_found' });
  });

  it('show no secrets of data sources, and tell a broken one from one that is not there', async () => {
    const answer = await here.read('grafana.datasources', {});
    expect(here.observationOf(answer).output).toEqual({
      datasources: [{ uid: 'prom', name: 'Prometheus', type: 'prometheus', isDefault: true }],
      omitted: 0,
    });
    expect(JSON.stringify(here.observationOf(answer))).not.toContain('made-up-password');
    const health = (uid: string) => here.output('grafana.datasource_health', { uid });
    expect(await health('prom')).toMatchObject({ healthy: true });
    expect(await health('broken')).toEqual({ healthy: false, message: 'connection refused' });
    await expect(health('none')).rejects.toThrow('not_found');
  });

  it('say which alert rules fire, those first', async () => {
    const { rules } = await here.output<{ rules: object[] }>('grafana.alert_rules', {});
    expect(rules[0]).toMatchObject({
      name: 'Firing',
      state: 'firing',
      instances: [{ state: 'Alerting', labels: { service: 'checkout' } }],
    });
    expect(rules.slice(1)).toMatchObject([{ uid: 'own', paused: false, instances: [] }, { uid: 'provisioned' }]);
  });

  it('draw a panel; what is no picture, or a part of one, is none', async () => {
    const input = { dashboard: 'shop', panel: 4, ...times };
    const observation = here.observationOf(await here.read('grafana.panel_image', input));
    const picture = observation.output as Png;
    const black = blackPicture(800, 400);
    expect(picture).toMatchObject({ width: 800, height: 400, bytes: black.length });
    expect(bytesOf(picture)).toEqual(new Uint8Array(black));
    expect(bytesOf({ ...picture, base64: picture.base64.replace('A', 'B') })).toBeNull();
    expect(observation.stdout).toBe('[image/png]');
    for (const renderer of ['missing, old', 'busy', 'cut off'] as const) {
      grafana.state.renderer = renderer;
      expect(await here.read('grafana.panel_image', input)).toMatchObject({ status: 'error', code: 'output_malformed' });
    }
    grafana.state.renderer = 'missing';
    const before = grafana.asked.length;
    expect(await here.read('grafana.panel_image', input)).toMatchObject({ code: 'not_found', message: expect.stringContaining('install') });
    expect(grafana.asked.slice(before).map(({ path }) => path)).toEqual(['/api/frontend/settings']);
  });
});

describe('writes to Grafana', () => {
  it('note something, and take it away again by its rollback, which looks its id up', async () => {
    const own = { time: Date.parse(times.from), text: 'INC-1 began', tags: ['other'] };
    grafana.state.annotations.set(1, own);
    const input = { at: times.from, text: 'INC-1 began', dashboard: 'shop', panel: 4, tags: ['incident'] };
    const { undo } = await perform(here, 'grafana.annotate', input);
    expect([...grafana.state.annotations.values()]).toContainEqual({
      ...{ dashboardUID: 'shop', panelId: 4, time: own.time, timeEnd: own.time, text: 'INC-1 began', tags: ['watchkeeper', 'incident'] },
    });
    const { annotations } = await here.output<{ annotations: object[] }>('grafana.annotations', { ...times, dashboard: 'shop' });
    expect(annotations).toMatchObject([{ dashboard: 'shop', panel: 4, until: null, by: 'sa-watchkeeper' }]);
    const undone = await here.write(undo?.operation ?? '', undo?.input ?? {});
    expect(here.observationOf(undone).via).toMatchObject({ method: 'DELETE', url: `${grafana.url}/api/annotations/101` });
    expect([...grafana.state.annotations]).toEqual([[1, own]]);
    expect(await here.write(undo?.operation ?? '', undo?.input ?? {})).toMatchObject({ status: 'error', code: 'not_found' });
  });

  it('put an annotation that was taken away back as it was', async () => {
    const note = { at: times.from, until: times.to, text: 'Load test', tags: ['load'] };
    await perform(here, 'grafana.annotate', note);
    const before = [...grafana.state.annotations.values()].at(-1);
    await performAndUndo(here, 'grafana.annotation_delete', { at: note.at, text: note.text });
    expect([...grafana.state.annotations.values()].at(-1)).toEqual(before);
  });

  it('silence alerts, and end the silence by its rollback', async () => {
    const matchers = [
      { name: 'alertname', op: '=', value: 'Firing' },
      { name: 'service', op: '!~', value: 'cart.*' },
    ];
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await performAndUndo(here, 'grafana.silence_add', { matchers, comment: 'INC-1: known', until });
    expect(await here.output('grafana.silences', {})).toEqual({ silences: [], omitted: 0 });
    expect([...grafana.state.silences.values()]).toMatchObject([{ createdBy: 'watchkeeper', comment: 'INC-1: known' }]);
  });

  it('that reach further than a day are not active, so that their verification fails', async () => {
    const input = {
      matchers: [{ name: 'alertname', op: '=', value: 'x' }],
      comment: 'far',
      until: new Date(Date.now() + 9e7).toISOString(),
    };
    expect(await here.write('grafana.silence_add', input)).toMatchObject({ status: 'ok' });
    const { until: _, ...which } = input;
    expect(await here.output('grafana.silence_state', which)).toMatchObject({ count: 1, silence: { state: 'pending' } });
  });

  it('pause a rule with everything else as it is, and let it be evaluated again', async () => {
    const before = grafana.state.rules.get('own');
    await performAndUndo(here, 'grafana.set_rule_paused', { uid: 'own', paused: true });
    expect(grafana.state.rules.get('own')).toEqual({ ...before, updated: '2026-01-02T03:00:02.000Z' });
    const puts = grafana.asked.filter(({ method }) => method === 'PUT').map(({ body }) => (body as { isPaused: boolean }).isPaused);
    expect(puts).toEqual([true, false]);
  });

  it('leave a rule alone that is kept elsewhere', async () => {
    await expect(perform(here, 'grafana.set_rule_paused', { uid: 'provisioned', paused: true })).rejects.toThrow('not within');
    expect(await here.write('grafana.set_rule_paused', { uid: 'provisioned', paused: true })).toMatchObject({ status: 'error' });
  });

  it('use the account that writes, and are nothing without a grant', async () => {
    const input = { at: times.from, text: 'none' };
    expect(await here.writeWith(undefined, 'grafana.annotate', input)).toMatchObject({ code: 'grant_missing' });
    const written = grafana.asked.filter(({ method }) => method !== 'GET').map(({ headers }) => headers.authorization);
    expect(new Set(written)).toEqual(new Set([`Bearer ${grafanaTokens.writer}`]));
    const readings = grafana.asked.filter(({ method }) => method === 'GET').map(({ headers }) => headers.authorization);
    expect(new Set(readings)).toEqual(new Set([`Bearer ${grafanaTokens.reader}`]));
  });
});

it('a token that Grafana does not know is forbidden, and not shown', async () => {
  const wrong = join(directory, 'wrong');
  await writeFile(wrong, 'made-up-wrong-token');
  const site = await createTestSite({ grafana: { url: grafana.url, token: { read: wrong, write: wrong } }, binaries: {} });
  const answer = await site.read('grafana.search', {});
  expect(answer).toMatchObject({ status: 'error', code: 'forbidden' });
  expect(JSON.stringify(site.observationOf(answer))).not.toContain('made-up-wrong-token');
});
