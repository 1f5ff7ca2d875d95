import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Run } from '../../../tools/run.ts';
import { tooOld, versionOf } from '../../../tools/versions.ts';
import { type Harness, startHarness } from './harness.ts';

const errors =
  'sum(rate(http_requests_total{service="checkout",code=~"5.."}[1m])) / sum(rate(http_requests_total{service="checkout"}[1m]))';
const inShop = ['--namespace=shop', '--context=sandbox', '--request-timeout=20s'];
let harness: Harness;

afterEach(() => harness.close());

async function errorShare(): Promise<number> {
  const { stdout } = await harness.run('promtool', ['query', 'instant', '-o', 'json', harness.estate.prometheusUrl, errors]);
  return Number(JSON.parse(stdout)[0].value[1]);
}

async function errorShareBelow(limit: number): Promise<boolean> {
  const until = Date.now() + 6000;
  while (Date.now() < until) if ((await errorShare()) < limit) return true;
  return false;
}

describe('bad-rollout', () => {
  it('shows the crash loop, changes nothing in a dry run, and is fixed by an undo', async () => {
    harness = await startHarness('bad-rollout');
    const pods = JSON.parse((await harness.read('get', 'pods', '-l', 'app=checkout', ...inShop, '--output=json')).stdout);
    const waiting = pods.items.filter(
      (pod: { status: { containerStatuses: { state: { waiting?: { reason: string } } }[] } }) =>
        pod.status.containerStatuses[0]?.state.waiting?.reason === 'CrashLoopBackOff',
    );
    expect(waiting).toHaveLength(3);
    expect(waiting[0].status.containerStatuses[0].lastState.terminated.exitCode).toBe(1);
    const logs = await harness.read('logs', `pod/${waiting[0].metadata.name}`, '--previous', ...inShop);
    expect(logs.stdout).toContain('PAYMENT_CALLBACK_URL is not set');
    expect(await errorShare()).toBeGreaterThan(0.3);

    const undo = ['rollout', 'undo', 'deployment.apps/checkout', '--to-revision=7', ...inShop];
    const before = harness.estate.state();
    const dry = await harness.write(...undo, '--dry-run=server', '--output=yaml');
    expect(parse(dry.stdout).metadata.name).toBe('checkout');
    expect(harness.estate.state().deployments).toEqual(before.deployments);

    expect(await harness.write(...undo)).toEqual({ stdout: 'deployment.apps/checkout rolled back\n', stderr: '', exitCode: 0 });
    const status = await harness.read('rollout', 'status', 'deployment/checkout', ...inShop);
    expect(status.stdout).toContain('successfully rolled out');
    expect(await errorShareBelow(0.01)).toBe(true);
    const history = await harness.read('rollout', 'history', 'deployment/checkout', ...inShop);
    expect(history.stdout).toMatch(/8 +release 1\.8\.0\n9 +release 1\.7\.1/);
    const alerts = await (await fetch(`${harness.estate.prometheusUrl}/api/v1/alerts`)).json();
    expect(alerts).toEqual({ status: 'success', data: { alerts: [] } });
  });

  it('has programs that say their version, new enough for the runner', async () => {
    harness = await startHarness('bad-rollout');
    const run: Run = async ({ file, argv }) => ({ kind: 'exited', truncated: false, ...(await harness.run(file, [...argv])) });
    const versions = await Promise.all(
      Object.entries(harness.estate.binaries).map(async ([name, file]) => ({ name, version: await versionOf(run, name, file) })),
    );
    expect(versions.map(({ name }) => name)).toContain('helm');
    expect(versions.filter(({ name, version }) => version === null || tooOld(name, version) !== null)).toEqual([]);
  });

  it('keeps every write in the ledger with its command line', async () => {
    harness = await startHarness('bad-rollout');
    await harness.write('scale', 'deployment/checkout', '--replicas=5', '--dry-run=server', ...inShop);
    await harness.read('rollout', 'restart', 'deployment/checkout', ...inShop);
    expect(harness.estate.ledger().map(({ argv, dryRun, exitCode }) => [argv[0], dryRun, exitCode])).toEqual([
      ['scale', true, 0],
      ['rollout', false, 1],
    ]);
  });

  it('resumes after a restart with the same objects', async () => {
    harness = await startHarness('bad-rollout');
    await harness.write('rollout', 'undo', 'deployment/checkout', ...inShop);
    const before = harness.estate.state();
    await harness.restart();
    const after = harness.estate.state();
    expect(after.deployments.map(({ uid, generation }) => [uid, generation])).toEqual(
      before.deployments.map(({ uid, generation }) => [uid, generation]),
    );
    expect((await harness.read('rollout', 'status', 'deployment/checkout', ...inShop)).stdout).toContain('successfully rolled out');
  });
});

describe('bad-rollout-wrong-fix', () => {
  it('keeps failing after an undo, as the cause is elsewhere, and undoes the undo', async () => {
    harness = await startHarness('bad-rollout-wrong-fix');
    const logs = await harness.read('logs', '-l', 'app=checkout', ...inShop);
    expect(logs.stdout).toContain('certificate signed by unknown authority');
    expect((await harness.read('get', 'deployment/checkout', ...inShop)).stdout).toMatch(/checkout +4\/4/);
    await harness.write('rollout', 'undo', 'deployment/checkout', '--to-revision=7', ...inShop);
    await harness.read('rollout', 'status', 'deployment/checkout', ...inShop);
    expect(await errorShareBelow(0.2)).toBe(false);
    await harness.write('rollout', 'undo', 'deployment/checkout', '--to-revision=8', ...inShop);
    await harness.read('rollout', 'status', 'deployment/checkout', ...inShop);
    const [deployment] = harness.estate.state().deployments.filter(({ name }) => name === 'checkout');
    expect([deployment?.revision, deployment?.template.container.image]).toEqual([10, 'registry.shop.example/shop/checkout:1.8.0']);
    harness.estate.apply({ type: 'trust_authority' });
    expect(await errorShareBelow(0.01)).toBe(true);
  }, 30_000);
});

describe('healthy', () => {
  it('has nothing to complain about', async () => {
    harness = await startHarness('healthy');
    expect((await harness.read('get', 'events', '--field-selector=type=Warning', ...inShop)).stderr).toBe(
      'No resources found in shop namespace.\n',
    );
    expect(await errorShare()).toBeLessThan(0.01);
    expect((await harness.read('rollout', 'status', 'deployment/checkout', '--watch=false', ...inShop)).stdout).toContain(
      'successfully rolled out',
    );
  });
});
