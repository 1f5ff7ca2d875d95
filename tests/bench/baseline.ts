import { setTimeout as delay } from 'node:timers/promises';
import { startControlPlane } from '../real/control-plane.ts';
import { complaints } from '../real/diagnosis/baseline.ts';
import { type Fault, faults } from '../real/diagnosis/faults.ts';
import { investigate, objectsOf } from '../real/diagnosis/investigate.ts';
import { plantAll } from '../real/diagnosis/plant.ts';
import { createTestSite } from '../real/site.ts';
import { type Figure, round } from './figure.ts';

type Row = Record<'fault' | 'ours' | 'ms' | 'baseline' | 'baselineMs', string> & Record<'right' | 'complains' | 'names', boolean>;

const seconds = 1_000;

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: string }> {
  const from = performance.now();
  return { result: await work(), ms: String(round(performance.now() - from, 0)) };
}

/**
 * The faults of `tests/real/diagnosis`, found by the product and by what K8sGPT's analyzers do without a model: a complaint counts, and whether
 * any of its texts names the cause. Prints a row for each. Needs the programs of `.ci/real-peers.sh`.
 */
export async function besideBaseline(): Promise<Figure> {
  const cluster = await startControlPlane();
  try {
    const site = await createTestSite({ kubernetes: { context: cluster.context, kubeconfig: cluster.kubeconfig } });
    await plantAll(cluster);
    // Controllers say what is wrong a moment later.
    await delay(20 * seconds);
    // What is complained of where all is well is no finding about a fault.
    const usual = await complaints(cluster.kubectl, 'healthy');
    const always = new Set(usual.map(({ kind, name }) => `${kind}/${name}`));
    const row = async ({ name, cause, entity, reads = [], words }: Fault): Promise<Row> => {
      const more = reads.map((kind) => objectsOf(kind, name));
      const { result: found, ms } = await timed(() => investigate(site, name, more));
      const [first] = found.findings;
      const right = first?.cause === cause && (cause === 'evicted' || first.entity.name === (entity === '{}' ? name : entity));
      const { result: said, ms: baselineMs } = await timed(() => complaints(cluster.kubectl, name));
      const about = said.filter((one) => !always.has(`${one.kind}/${one.name}`));
      const names = words !== undefined && about.some(({ text }) => words.test(text));
      const complains = about.length > 0;
      const baseline = names ? 'names it' : complains ? 'complains' : '–';
      return {
        fault: name,
        ours: right ? cause : `wrong: ${first?.cause ?? 'nothing'}`,
        ms,
        baseline,
        baselineMs,
        right,
        complains,
        names,
      };
    };
    const rows: Row[] = [];
    for (const fault of faults) rows.push(await row(fault));
    for (const { fault, ours, ms, baseline, baselineMs } of rows)
      process.stdout.write(`| ${fault} | ${ours} | ${ms} | ${baseline} | ${baselineMs} |\n`);
    const healthy = await investigate(
      site,
      'healthy',
      ['deployment', 'service', 'ingress', 'configmap'].map((kind) => objectsOf(kind, 'healthy')),
    );
    const count = (is: (one: Row) => boolean) => rows.filter(is).length;
    const right = count((one) => one.right);
    return {
      name: 'baseline',
      value: right,
      unit: `of ${rows.length} faults named, ${healthy.findings.length} false findings on what is well`,
      baseline: `complaints about ${count((one) => one.complains)}, ${count((one) => one.names)} of them name the cause, ${usual.length} on what is well`,
      target: 'all named, none false',
      met: right === rows.length && healthy.findings.length === 0,
    };
  } finally {
    await cluster.stop();
  }
}
