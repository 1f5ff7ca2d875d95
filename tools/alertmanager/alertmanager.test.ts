import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExecute } from '../execute.ts';
import { holds } from '../expect.ts';
import { createRun } from '../run.ts';
import { sampleSite } from '../testing/examples.ts';
import { alertmanagerAlerts } from './alerts.ts';
import type { Matcher } from './matcher.ts';
import { silenceAdd } from './silence-add.ts';
import { silenceExpire } from './silence-expire.ts';
import { silenceState } from './silence-state.ts';

const id = '46a59ca3-acdf-4f6c-8633-e35a19b1d49e';
const other = 'd7615b00-d9b2-4409-9061-9830e5531c2f';
const matchers: Matcher[] = [
  { name: 'alertname', op: '=', value: 'High "Errors"' },
  { name: 'pod', op: '!~', value: 'web-.*' },
];
const named = { matchers, comment: 'INC-1' };

function listed(silenceId: string, comment: string, state = 'active'): object {
  const times = { updatedAt: '2026-01-01T00:00:00.000Z', startsAt: '2026-01-01T00:00:00.000Z', endsAt: '2026-01-01T02:00:00.000Z' };
  const labels = [
    { name: 'pod', value: 'web-.*', isRegex: true, isEqual: false },
    { name: 'alertname', value: 'High "Errors"', isRegex: false, isEqual: true },
  ];
  return { id: silenceId, status: { state }, comment, createdBy: 'watchkeeper', matchers: labels, ...times };
}

const stateOf = (which: unknown, ...silences: object[]) =>
  silenceState.parse({ exitCode: 0, stdout: JSON.stringify(silences), stderr: '' }, silenceState.input.parse(which));

describe('a silence', () => {
  it('is found by its id, or by what it was added with in whatever order; what is expired is gone', () => {
    expect(stateOf({ id }, listed(other, 'x'), listed(id, 'INC-1'))).toMatchObject({ count: 1, silence: { id } });
    expect(stateOf(named, listed(other, 'x'), listed(id, 'INC-1'))).toMatchObject({ count: 1, silence: { id, state: 'active' } });
    expect(stateOf(named, listed(id, 'INC-1', 'expired'))).toEqual({ count: 0, silence: null });
    expect(stateOf(named, listed(id, 'INC-1'), listed(other, 'INC-1'))).toEqual({ count: 2, silence: null });
  });

  it('that is there already is not added again: the way back would end it', () => {
    const [precondition] = silenceAdd.preconditions({ ...named, duration: '1h' }, { count: 0, silence: null });
    if (precondition === undefined) throw new Error('no precondition');
    expect(holds(precondition, stateOf(named))).toBe(true);
    expect(holds(precondition, stateOf(named, listed(id, 'INC-1')))).toBe(false);
  });

  it('is undone by ending it, and an ended one by adding it until its own end', () => {
    expect(silenceAdd.rollback?.({ ...named, duration: '1h' }, { count: 0, silence: null })).toEqual({
      operation: 'alertmanager.silence_expire',
      input: named,
    });
    const back = silenceExpire.rollback?.({ id }, stateOf({ id }, listed(id, 'INC-1')));
    const input = silenceAdd.input.parse(back?.input);
    expect(input).toMatchObject({ comment: 'INC-1', until: '2026-01-01T02:00:00.000Z' });
    expect(silenceAdd.command(input, sampleSite)).toMatchObject({
      argv: expect.arrayContaining(['--end=2026-01-01T02:00:00.000Z', 'alertname="High \\"Errors\\""', 'pod!~"web-.*"']),
    });
  });

  it('that was changed meanwhile is not ended', () => {
    const before = stateOf({ id }, listed(id, 'INC-1'));
    const later = stateOf({ id }, { ...listed(id, 'INC-1'), endsAt: '2026-01-01T05:00:00.000Z' });
    const held = (state: unknown) => silenceExpire.preconditions({ id }, before).every((one) => holds(one, state));
    expect([held(before), held(later), held(stateOf({ id }))]).toEqual([true, false, false]);
    expect(() => silenceExpire.preconditions({ id }, stateOf({ id }))).toThrow(expect.objectContaining({ code: 'target_missing' }));
  });

  it.each([
    ['nothing', []],
    ['a regular expression for anything', [{ name: 'alertname', op: '=~', value: '.*' }]],
    ['another spelling of that', [{ name: 'alertname', op: '=~', value: '(?:.*)|x' }]],
    ['what it does not mean only', [{ name: 'alertname', op: '!=', value: 'x' }]],
    ['a label that is a flag', [{ name: '--http.config.file', op: '=', value: 'x' }]],
    ['a file', [{ name: '@/etc/passwd', op: '=', value: 'x' }]],
  ])('with %s as matchers is refused', (_, wrong) => {
    expect(silenceAdd.input.safeParse({ matchers: wrong, comment: 'c', duration: '1h' }).success).toBe(false);
  });

  it('has one end, at most a day away', () => {
    const ok = (ends: object) => silenceAdd.input.safeParse({ ...named, ...ends }).success;
    expect([ok({ duration: '24h' }), ok({ duration: '25h' }), ok({ duration: '1500m' }), ok({})]).toEqual([true, false, false, false]);
    expect(ok({ duration: '1h', until: '2026-01-01T02:00:00.000Z' })).toBe(false);
  });
});

it('alerts are read alike from amtool and from the API', () => {
  const status = { state: 'suppressed', silencedBy: [id], inhibitedBy: [] };
  const one = { labels: { alertname: 'A' }, annotations: {}, fingerprint: 'f', startsAt: '2026-01-01T00:00:00.000Z', status, endsAt: 'x' };
  expect(alertmanagerAlerts.parse({ exitCode: 0, stdout: JSON.stringify([one]), stderr: '' }, {})).toMatchObject({
    alerts: [{ state: 'suppressed', silencedBy: [id] }],
    omitted: 0,
  });
  const without = alertmanagerAlerts.command({}, { ...sampleSite, has: () => false });
  expect(without).toEqual({ kind: 'http', method: 'GET', service: 'alertmanager', path: '/api/v2/alerts', query: {} });
});

describe('a silence whose id is looked up', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amtool-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Notes its arguments; a query prints these silences. */
  async function expire(...silences: object[]) {
    const amtool = join(folder, 'amtool');
    const query = `[ "$2" = query ] && printf '%s' '${JSON.stringify(silences)}'`;
    await writeFile(amtool, `#!/bin/sh\necho "$*" >> ${folder}/started\n${query}\ntrue\n`);
    await chmod(amtool, 0o755);
    const url = { url: 'http://alertmanager.example' };
    const site = {
      name: 's',
      environment: 'test',
      alertmanager: url,
      binaries: { amtool },
    };
    const execute = createExecute({
      site,
      redactor: { learn() {}, text: (text) => ({ text, count: 0 }) },
      now: () => new Date(),
      run: createRun({ log: pino({ level: 'silent' }) }),
    });
    const limits = { timeoutMs: 20_000, signal: undefined, credentials: 'write' } as const;
    const execution = await execute(silenceExpire.command(named, sampleSite), limits);
    return { execution, started: (await readFile(join(folder, 'started'), 'utf8')).trim().split('\n') };
  }

  it('is ended by that id, which is told', async () => {
    const { execution, started } = await expire(listed(other, 'x'), listed(id, 'INC-1'));
    expect(execution).toMatchObject({ exitCode: 0, failure: null, bound: { value: id } });
    expect(started[1]).toBe(`silence expire --alertmanager.url=http://alertmanager.example -- ${id}`);
  });

  it.each([
    ['none', [listed(other, 'x')]],
    ['two', [listed(id, 'INC-1'), listed(other, 'INC-1')]],
  ])('is not ended where there is %s', async (_, silences) => {
    const { execution, started } = await expire(...silences);
    expect(execution.failure?.code).toBe('not_found');
    expect(started).toHaveLength(1);
  });
});
