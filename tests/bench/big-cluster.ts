import { namespaceOf, plantInBigCluster, type Size, startBigCluster } from '../real/big-cluster.ts';
import { investigate, objectsOf } from '../real/diagnosis/investigate.ts';
import { createTestSite } from '../real/site.ts';
import { type Figure, round } from './figure.ts';
import { withPeaks } from './memory.ts';

/** 5,000 pods and 2,000 replica sets in five namespaces, on 50 nodes. */
const size: Size = { nodes: 50, namespaces: 5, deployments: 40, replicas: 25, revisions: 9 };
const wanted = ['checkout node_selector_mismatch', 'payments service_selector_mismatch'];

/** Seconds from the first read to the findings; the baseline is one `kubectl get` of the same pods. Needs the programs of `.ci/real-peers.sh`. */
export async function bigCluster(): Promise<Figure> {
  const started = performance.now();
  const cluster = await startBigCluster(size);
  try {
    const namespace = namespaceOf(0);
    await plantInBigCluster(cluster, namespace);
    const filled = (performance.now() - started) / 1000;
    const site = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig } });
    const timed = async <T>(work: () => Promise<T>) => {
      const from = performance.now();
      const { result, peaks } = await withPeaks('kubectl', work);
      return { result, peaks, seconds: (performance.now() - from) / 1000 };
    };
    const plain = await timed(() => cluster.kubectl(['get', 'pods', '--all-namespaces', '-o=json']));
    const found = await timed(() => investigate(site, namespace, [objectsOf('deployment', namespace), objectsOf('service', namespace)]));
    const everything = await timed(() => site.read('kubernetes.workloads', {}));
    const all = site.observationOf(everything.result).output as { pods: unknown[] } | null;
    const causes = found.result.findings.map(({ entity, cause }) => `${entity.name} ${cause}`);
    const right = causes.toSorted().join() === wanted.join() && found.result.gaps.length === 0;
    const pods = `${all?.pods.length ?? 'no'} pods in one read in ${round(everything.seconds)} s (${round(everything.peaks.cpu)} s of CPU)`;
    const memory = `memory ${round(Math.max(found.peaks.own, everything.peaks.own), 0)} MB, kubectl ${round(Math.max(found.peaks.program, everything.peaks.program), 0)} MB`;
    return {
      name: 'big-cluster',
      value: round(found.seconds),
      unit: `s (${round(found.peaks.cpu)} s of CPU) for ${found.result.reads} reads: ${right ? 'both faults, nothing else' : `found ${causes.join(', ')}; gaps ${found.result.gaps.join('; ')}`}; ${pods}; ${memory}; filled in ${round(filled, 0)} s`,
      baseline: `kubectl get pods --all-namespaces -o json ${round(plain.seconds)} s (${round(plain.peaks.cpu)} s of CPU, ${round(plain.result.length / 1e6)} MB)`,
      target: '≤ 30 s, both found',
      met: right && found.seconds <= 30,
    };
  } finally {
    await cluster.stop();
  }
}
