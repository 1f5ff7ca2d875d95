import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane, talkative } from './control-plane.ts';
import { faults, web } from './diagnosis/faults.ts';
import { investigate, objectsOf } from './diagnosis/investigate.ts';
import { createIn, plantAll, playKubelet } from './diagnosis/plant.ts';
import { proposed } from './diagnosis/propose.ts';
import { perform } from './perform.ts';
import { createTestSite, type TestSite } from './site.ts';

let cluster: ControlPlane;
let site: TestSite;

beforeAll(async () => {
  cluster = await startControlPlane();
  site = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig } });
  await plantAll(cluster);
}, 240_000);

afterAll(() => cluster?.stop());

describe('planted on a real control plane', () => {
  it.for(faults)('$name', { timeout: 60_000 }, async ({ name, cause, entity, reads = [] }) => {
    const more = reads.map((kind) => objectsOf(kind, name));
    const wanted = { cause, entity: entity === '{}' ? name : entity };
    await expect
      .poll(
        async () => {
          const { findings } = await investigate(site, name, more);
          // Every finding but the first speaks of the same workload: anything else is a false one.
          const others = findings.slice(1).filter((one) => one.entity.name !== findings[0]?.entity.name);
          const first = findings[0];
          const found = { cause: first?.cause, entity: cause === 'evicted' ? first?.entity.name.split('-')[0] : first?.entity.name };
          return { ...found, others: others.map((one) => one.cause) };
        },
        { timeout: 45_000, interval: 1_000 },
      )
      .toEqual({ ...wanted, others: [] });
  });

  it('the playbooks say something of each, and what they propose passes its dry run', { timeout: 120_000 }, async () => {
    const silent: string[] = [];
    const plans: Record<string, unknown> = {};
    for (const { name, reads = [] } of faults) {
      const more = reads.map((kind) => objectsOf(kind, name));
      const proposal = await proposed(site, (await investigate(site, name, more)).findings);
      if (proposal.kind === 'none') silent.push(name);
      if (proposal.kind !== 'plan') continue;
      plans[name] = proposal.draft.steps.map(({ operation }) => operation);
      for (const { operation, input } of proposal.draft.steps) expect(await site.dryRun(operation, input)).toMatchObject({ status: 'ok' });
    }
    expect({ silent, plans }).toEqual({ silent: [], plans: { oom: ['kubernetes.set_resources'], evicted: ['kubernetes.delete_pod'] } });
  });

  it('a saturated deployment gets a replica, by what was read of it and of the autoscalers around it', { timeout: 120_000 }, async () => {
    const { findings } = await investigate(site, 'oom');
    const [like] = findings;
    if (like === undefined) throw new Error('no finding to build upon');
    const entity = { site: 'real', kind: 'deployment', namespace: 'healthy', name: 'web' };
    const proposal = await proposed(site, [{ ...like, cause: 'cpu_saturation', confidence: 0.85, entity, facts: {} }]);
    const [step] = proposal.kind === 'plan' ? proposal.draft.steps : [];
    expect(step).toMatchObject({ operation: 'kubernetes.scale', input: { name: 'web', replicas: 3, currentReplicas: 2 } });
    await perform(site, 'kubernetes.scale', { ...step?.input });
  });

  it('a healthy namespace has no finding, whatever is read of it', async () => {
    await expect.poll(async () => (await investigate(site, 'healthy')).findings, { timeout: 45_000 }).toEqual([]);
    const kinds = ['deployment', 'service', 'endpointslice', 'configmap', 'resourcequota', 'serviceaccount', 'networkpolicy', 'ingress'];
    const { findings, gaps } = await investigate(
      site,
      'healthy',
      kinds.map((kind) => objectsOf(kind, 'healthy')),
    );
    expect({ findings, gaps }).toEqual({ findings: [], gaps: [] });
  });

  it('of a log of a gigabyte the end is read', async () => {
    const { namespace, name, last } = talkative;
    const spec = { containers: [{ name: 'app', image: 'registry.example/shop/talkative:1.0.0' }] };
    await createIn(cluster, namespace, [{ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }]);
    await cluster.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, `--namespace=${namespace}`, '--timeout=60s']);
    const answer = await site.read('kubernetes.logs', { namespace, pod: name, tail: 2_000 });
    const { output, stdout, truncated } = site.observationOf(answer);
    const { text, omitted } = output as { text: string; omitted: number };
    expect([text.trimEnd().endsWith(last), stdout.trimEnd().endsWith(last), truncated]).toEqual([true, true, true]);
    expect([text.length <= 60_000, stdout.length <= 40_000, text.length + omitted > 1e6]).toEqual([true, true, true]);
  });

  it('what is deleted between two reads is a gap that says so, and nothing is concluded from its absence', async () => {
    await createIn(cluster, 'deleted', [web()]);
    await playKubelet(cluster, 'deleted', {
      status: {
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          {
            ...{ name: 'web', image: 'i', imageID: '', ready: false, restartCount: 3 },
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: { terminated: { reason: 'Error', exitCode: 1 } },
          },
        ],
      },
    });
    const { findings, gaps } = await investigate(site, 'deleted', [], async () => {
      await cluster.kubectl(['delete', 'deployment/web', '--namespace=deleted', '--cascade=foreground']);
    });
    expect(findings.map(({ cause }) => cause)).toEqual(['crash_loop']);
    expect(gaps).toEqual([expect.stringMatching(/^Log of web-.* before its last restart: .*not found/)]);
  });

  it('what may not be read is a gap, and no cause is made up', async () => {
    const spaces = { site: 'real', title: 'Namespaces', operation: 'kubernetes.get', input: { kind: 'namespace' } };
    await cluster.kubectl(['delete', 'clusterrolebinding', 'watchkeeper-reader']);
    const one = ['rolebinding', 'reader', '--namespace=healthy', '--clusterrole=watchkeeper-reader', '--user=reader'];
    await cluster.kubectl(['create', ...one]);
    // In the one namespace that it may read it reads on; nodes are nobody's namespace.
    const nodes = objectsOf('node', 'healthy');
    const allowed = await investigate(site, 'healthy', [{ ...nodes, input: { kind: 'node' } }]);
    expect(allowed).toMatchObject({ findings: [], gaps: [expect.stringMatching(/nodes is forbidden/)] });
    const { findings, gaps } = await investigate(site, 'quota-pods', [spaces]);
    expect(findings).toEqual([]);
    expect(gaps.length).toBe(3);
    expect(gaps.join('\n')).toMatch(/forbidden/i);
  });
});
