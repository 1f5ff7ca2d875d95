import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alertmanager, caller, startAlertmanager } from './alertmanager.ts';
import { freePort } from './processes.ts';
import { createTestSite, type TestSite } from './site.ts';

const matchers = [
  { name: 'alertname', op: '=', value: 'Tricky "one" \\ here' },
  { name: 'service', op: '=~', value: 'check(out|in)' },
];
const silence = { matchers, comment: 'INC-1: "known", see thread' };

let directory: string;
let alertmanager: Alertmanager;
/** Asks who comes. */
let closed: Alertmanager;
let open: TestSite;
let known: TestSite;
/** One of the two. */
let here: TestSite;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watchkeeper-silences-'));
  const file = join(directory, 'password');
  await writeFile(file, caller.password);
  [alertmanager, closed] = await Promise.all([startAlertmanager(), startAlertmanager({ asks: true })]);
  open = await createTestSite({ alertmanager: { url: alertmanager.url } });
  const basic = { user: caller.user, password: { read: file, write: file } };
  known = await createTestSite({ alertmanager: { url: closed.url, basic } });
  here = open;
  for (const each of [alertmanager, closed]) await each.fire({ alertname: 'Tricky "one" \\ here', service: 'checkout' });
});

afterAll(async () => {
  await Promise.all([alertmanager?.stop(), closed?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

const state = () => here.output<{ count: number; silence: { id: string; endsAt: string } | null }>('alertmanager.silence_state', silence);
const alerts = async (site = here) =>
  (await site.output<{ alerts: { state: string; silencedBy: string[] }[] }>('alertmanager.alerts', {})).alerts;

describe.each(['by amtool', 'by the API, where passwords are asked for'])('a silence %s', (way) => {
  beforeAll(() => {
    here = way === 'by amtool' ? open : known;
  });
  afterAll(() => {
    here = open;
  });

  it('is added, silences exactly what it names, and is ended by its rollback, which looks its id up', async () => {
    const added = await here.write('alertmanager.silence_add', { ...silence, duration: '1h' });
    const { id } = here.observationOf(added).output as { id: string };
    expect(await state()).toMatchObject({ count: 1, silence: { id, createdBy: 'watchkeeper', ...silence } });
    await here.reaches('alertmanager.alerts', {}, [{ pointer: '/alerts/0/state', op: 'eq', value: 'suppressed' }]);
    expect((await alerts())[0]?.silencedBy).toEqual([id]);

    const ended = await here.write('alertmanager.silence_expire', silence);
    expect(ended).toMatchObject({ status: 'ok' });
    expect(here.observationOf(ended).via).toMatchObject(
      here === open ? { argv: expect.arrayContaining([id]) } : { method: 'DELETE', url: expect.stringMatching(`/silence/${id}$`) },
    );
    expect(await state()).toEqual({ count: 0, silence: null });
    await here.reaches('alertmanager.alerts', {}, [{ pointer: '/alerts/0/state', op: 'eq', value: 'active' }]);
  });

  it('that was ended is put back until its own end', async () => {
    await here.write('alertmanager.silence_add', { ...silence, duration: '2h' });
    const before = await state();
    if (before.silence === null) throw new Error('no silence');
    expect(await here.write('alertmanager.silence_expire', { id: before.silence.id })).toMatchObject({ status: 'ok' });
    expect((await state()).count).toBe(0);
    await here.write('alertmanager.silence_add', { ...silence, until: before.silence.endsAt });
    expect((await state()).silence).toMatchObject({ endsAt: before.silence.endsAt });
    expect((await state()).silence?.id).not.toBe(before.silence.id);
  });

  it('is not added without a grant, nor tried dry', async () => {
    const input = { ...silence, comment: 'none', duration: '1h' };
    expect(await here.writeWith(undefined, 'alertmanager.silence_add', input)).toMatchObject({ code: 'grant_missing' });
    expect(await here.dryRun('alertmanager.silence_add', input)).toMatchObject({ status: 'error', code: 'bad_input' });
    const { silences } = await here.output<{ silences: { comment: string }[] }>('alertmanager.silences', {});
    expect(silences.map(({ comment }) => comment)).not.toContain('none');
  });

  it('that is not there is not found', async () => {
    const nobody = '11111111-1111-4111-8111-111111111111';
    expect(await here.write('alertmanager.silence_expire', { id: nobody })).toMatchObject({ status: 'error', code: 'not_found' });
    expect(await here.write('alertmanager.silence_expire', { ...silence, comment: 'never' })).toMatchObject({ code: 'not_found' });
  });

  it('with an expression that does not parse is bad input', async () => {
    const broken = [{ name: 'x', op: '=~', value: 'a(' }];
    expect(await here.write('alertmanager.silence_add', { matchers: broken, comment: 'c', duration: '1h' })).toMatchObject({
      status: 'error',
      code: 'bad_input',
    });
  });
});

it('nobody is let in who is not known', async () => {
  const stranger = await createTestSite({ alertmanager: { url: closed.url } });
  expect(await stranger.read('alertmanager.silences', {})).toMatchObject({ status: 'error', code: 'forbidden' });
});

it('without amtool the API is asked, and answers alike', async () => {
  const plain = await createTestSite({ alertmanager: { url: alertmanager.url }, binaries: {} });
  expect(await alerts(plain)).toEqual(await alerts());
  const { silences } = await here.output<{ silences: object[] }>('alertmanager.silences', {});
  expect(await plain.output('alertmanager.silences', {})).toEqual({ silences, omitted: 0 });
});

it('an Alertmanager that is away is unreachable', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const away = await createTestSite({ alertmanager: { url } });
  expect(await away.read('alertmanager.alerts', {})).toMatchObject({ status: 'error', code: 'unreachable' });
});
