import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holds } from '../expect.ts';
import { failureCode } from '../failures.ts';
import type { Site } from '../site.ts';
import { environmentFor } from '../systems.ts';
import { sampleSite } from '../testing/examples.ts';
import { appList, appPresence, appState } from './reads.ts';
import { rollback } from './rollback.ts';
import { appDelete, refresh, setAutoSync, terminateOp } from './small-writes.ts';
import { sync } from './sync.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const web = { application: 'web' };

function object(status: object = {}, spec: object = {}) {
  return { metadata: { name: 'web', namespace: 'argocd', uid: 'u1' }, spec: { project: 'default', ...spec }, status };
}

const stateOf = (status: object = {}, spec: object = {}) =>
  appState.parse({ exitCode: 0, stdout: JSON.stringify(object(status, spec)), stderr: '' }, web);

const history = (...revisions: string[]) => revisions.map((revision, id) => ({ id, revision, deployedAt: '2026-01-02T03:04:05Z' }));
const succeeded = { phase: 'Succeeded', message: '', startedAt: '2026-01-02T03:04:05Z' };
const all = (claims: readonly Parameters<typeof holds>[0][], state: unknown): boolean => claims.every((claim) => holds(claim, state));

describe('an application', () => {
  it('that was only just made has nothing yet', () => {
    expect(stateOf()).toMatchObject({
      historyId: -1,
      deployedRevision: '',
      operation: null,
      autoSync: { on: false },
      resources: { total: 0 },
    });
  });

  it('is read with its newest deployment, what is out of sync, and what is under way', () => {
    const resources = [
      { kind: 'Deployment', status: 'OutOfSync', health: { status: 'Degraded' } },
      { kind: 'Service', status: 'Synced' },
    ];
    const state = stateOf({ history: history(a, b), resources, operationState: { ...succeeded, phase: 'Terminating' } });
    expect(state).toMatchObject({ historyId: 1, deployedRevision: b, history: { 0: a, 1: b }, operation: { running: true } });
    expect(state.resources).toEqual({ total: 2, outOfSync: 1, unhealthy: 1 });
  });

  it.each([
    [{ automated: {} }, true],
    [{ automated: { prune: true } }, true],
    [{ automated: { enabled: false, prune: true } }, false],
    [{ automated: null }, false],
    [null, false],
  ])('with the sync policy %j has automated sync: %s', (syncPolicy, on) => expect(stateOf({}, { syncPolicy }).autoSync.on).toBe(on));

  it('that is in trouble comes first, and no applications are an empty list', () => {
    const item = (name: string, health: string) => ({
      ...object({ sync: { status: 'Synced' }, health: { status: health } }),
      metadata: { name, uid: name },
    });
    const list = (stdout: string) => appList.parse({ exitCode: 0, stdout, stderr: '' }, {});
    expect(list(JSON.stringify([item('fine', 'Healthy'), item('broken', 'Degraded')])).applications.map(({ name }) => name)).toEqual([
      'broken',
      'fine',
    ]);
    expect(list('null\n')).toEqual({ applications: [], omitted: 0 });
    expect(appPresence.parse({ exitCode: 0, stdout: 'null', stderr: '' }, web)).toMatchObject({ exists: false });
  });
});

describe('sync and rollback', () => {
  it('know their own deployment from an older one of the same revision', () => {
    const before = stateOf({ history: history(a), operationState: succeeded });
    expect(all(sync.probe({ ...web, revision: a, prune: false }, before), before)).toBe(false);
    expect(
      all(sync.probe({ ...web, revision: a, prune: false }, before), stateOf({ history: history(a, a), operationState: succeeded })),
    ).toBe(true);
    const after = stateOf({ history: history(a, b), operationState: succeeded });
    const back = sync.rollback?.({ ...web, revision: b, prune: false }, before);
    expect(back).toEqual({ operation: 'argocd.rollback', input: { ...web, toId: 0, revision: a } });
    const input = rollback.input.parse(back?.input);
    expect(all(rollback.probe(input, before), after)).toBe(false);
    expect(all(rollback.preconditions(input, after), after)).toBe(true);
    expect(all(rollback.probe(input, before), stateOf({ history: history(a, b, a), operationState: succeeded }))).toBe(true);
  });

  it('leave alone what Git decides by itself, and what is under way', () => {
    const asked = { ...web, revision: b, prune: false };
    const automated = stateOf({ history: history(a) }, { syncPolicy: { automated: {} } });
    const busy = stateOf({ history: history(a), operationState: { ...succeeded, phase: 'Running' } });
    for (const state of [automated, busy]) expect(all(sync.preconditions(asked, state), state)).toBe(false);
    const calm = stateOf({ history: history(a) });
    expect(all(sync.preconditions(asked, calm), calm)).toBe(true);
  });

  it('are refused when there would be no way back', () => {
    expect(() => sync.rollback?.({ ...web, revision: a, prune: false }, stateOf())).toThrow('never deployed');
  });

  it('refuse an id that had another revision', () => {
    const state = stateOf({ history: history(a, b) });
    expect(all(rollback.preconditions({ ...web, toId: 0, revision: b }, state), state)).toBe(false);
  });

  it.each(['main', 'HEAD', 'abc', '../x', '>=1.0', '*', `-${a}`])('take no revision such as %s', (revision) => {
    expect(sync.input.safeParse({ ...web, revision }).success).toBe(false);
  });
});

describe('small writes', () => {
  it('automated sync goes back to how it was', () => {
    const before = stateOf({}, { syncPolicy: { automated: { prune: true } } });
    const input = setAutoSync.input.parse({ ...web, on: false });
    expect(setAutoSync.rollback?.(input, before).input).toEqual({ ...web, on: true, prune: true, selfHeal: false });
    expect(all(setAutoSync.probe(input, before), before)).toBe(false);
    expect(setAutoSync.input.safeParse({ ...web, on: false, prune: true }).success).toBe(false);
  });

  it('only the operation that was seen is ended', () => {
    const running = (startedAt: string) => stateOf({ operationState: { ...succeeded, phase: 'Running', startedAt } });
    const claims = terminateOp.preconditions(web, running('1'));
    expect(all(claims, running('1'))).toBe(true);
    expect(all(claims, running('2'))).toBe(false);
    expect(all(claims, stateOf({ operationState: succeeded }))).toBe(false);
  });

  it('a deletion counts everything that goes with the application', () => {
    const before = { exists: true, uid: 'u1', deleting: false, resources: 7 };
    expect(appDelete.impact({ ...web, cascade: true }, before)).toEqual({ targets: 1, replicas: 7, percent: 100 });
    expect(all(appDelete.preconditions({ ...web, cascade: true }, before), { ...before, uid: 'u2' })).toBe(false);
    expect(refresh.irreversibleReason).toContain('Git');
  });
});

describe('credentials', () => {
  const site = (token: string) =>
    ({
      argocd: { server: 'argocd.example:443', transport: 'grpc-web', token: { read: token, write: '/nonexistent' } },
    }) as unknown as Site;

  it('are read from their file each time, and stand in no command line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'argocd-test-'));
    const path = join(folder, 'token');
    await writeFile(path, 'made-up\n');
    const environment = { ARGOCD_SERVER: 'argocd.example:443', ARGOCD_OPTS: '--grpc-web' };
    expect(await environmentFor(site(path), 'argocd', 'read')).toEqual({ ...environment, ARGOCD_AUTH_TOKEN: 'made-up' });
    await writeFile(path, 'renewed');
    expect(await environmentFor(site(path), 'argocd', 'read')).toMatchObject({ ARGOCD_AUTH_TOKEN: 'renewed' });
    await expect(environmentFor(site(path), 'argocd', 'write')).rejects.toThrow('argocd.token.write of the site cannot be read');
    await rm(folder, { recursive: true });
  });

  it('a site without Argo CD says so', () => {
    const { argocd: _, ...without } = sampleSite;
    expect(() => appState.command(web, without)).toThrow('has no Argo CD');
  });

  it.each([
    ['{"level":"fatal","msg":"rpc error: code = PermissionDenied desc = permission denied"}', 'forbidden'],
    ['rpc error: code = Unauthenticated desc = invalid session: token is expired', 'forbidden'],
    ['rpc error: code = Unavailable desc = connection error', 'unreachable'],
    ['Failed to establish connection to 127.0.0.1:1: dial tcp: connect: connection refused', 'unreachable'],
    ['Operation has completed with phase: Error', 'failed'],
  ])('%s is %s', (stderr, code) => expect(failureCode('argocd', stderr)).toBe(code));
});
