import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { freePort, type Peer, requirePrograms, startPeer, until } from './processes.ts';
import { type Prometheus, type PrometheusOptions, startPrometheus } from './prometheus.ts';

/** A real Thanos: a Query over two Prometheus replicas with a sidecar each. */
export interface Thanos {
  /** Of Query. */
  readonly url: string;
  readonly replicas: readonly Prometheus[];
  /** Ends the sidecar of a replica; Query goes on asking for it. */
  loseSidecar(replica: number): Promise<void>;
  stop(): Promise<void>;
}

async function ready(url: string): Promise<void> {
  await until(`${url} ready`, 30_000, async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined));
}

async function startSidecar(directory: string, prometheus: Prometheus, replica: number): Promise<{ grpc: string; peer: Peer }> {
  const [grpc, http] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const peer = startPeer(
    `sidecar-${replica}`,
    ['sidecar', `--prometheus.url=${prometheus.url}`, `--tsdb.path=${directory}`, `--grpc-address=${grpc}`, `--http-address=${http}`],
    join(directory, `sidecar-${replica}.log`),
    { program: 'thanos' },
  );
  await ready(`http://${http}`);
  return { grpc, peer };
}

export async function startThanos(options: PrometheusOptions): Promise<Thanos> {
  await requirePrograms(['thanos']);
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-thanos-'));
  const started: { stop(): Promise<unknown> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const replicas = await Promise.all(
      [0, 1].map((replica) => startPrometheus({ ...options, externalLabels: { cluster: 'shop', replica: `r${replica}` } })),
    );
    started.push(...replicas);
    const sidecars = await Promise.all(replicas.map((prometheus, replica) => startSidecar(directory, prometheus, replica)));
    started.push(...sidecars.map(({ peer }) => peer));
    const http = `127.0.0.1:${await freePort()}`;
    const endpoints = sidecars.map(({ grpc }) => `--endpoint-strict=${grpc}`);
    const flags = [`--http-address=${http}`, `--grpc-address=127.0.0.1:${await freePort()}`, '--query.replica-label=replica'];
    started.push(startPeer('query', ['query', ...flags, ...endpoints], join(directory, 'query.log'), { program: 'thanos' }));
    const url = `http://${http}`;
    await ready(url);
    return { url, replicas, stop, loseSidecar: async (replica) => await sidecars[replica]?.peer.stop() };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A bucket in a folder, with one block in it that promtool made. */
export interface Bucket {
  /** As --objstore.config-file takes it. */
  readonly file: string;
  /** The API of its bucket web. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Two hours of one series. */
function openMetrics(endSeconds: number): string {
  const samples = Array.from({ length: 120 }, (_, minute) => `shop_orders_total ${minute} ${endSeconds - (120 - minute) * 60}`);
  return ['# TYPE shop_orders counter', ...samples, '# EOF', ''].join('\n');
}

export async function startBucket(): Promise<Bucket> {
  await requirePrograms(['thanos', 'promtool']);
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-bucket-'));
  const [bucket, blocks, file] = ['bucket', 'blocks', 'bucket.yaml'].map((name) => join(directory, name)) as [string, string, string];
  await mkdir(bucket);
  await writeFile(file, stringify({ type: 'FILESYSTEM', config: { directory: bucket } }));
  await writeFile(join(directory, 'metrics'), openMetrics(1_767_312_000));
  await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(directory, 'metrics'), blocks]);
  await promisify(execFile)('thanos', [
    'tools',
    'bucket',
    'upload-blocks',
    `--objstore.config-file=${file}`,
    `--path=${blocks}`,
    '--label=cluster="shop"',
  ]);
  const address = `127.0.0.1:${await freePort()}`;
  const peer = startPeer(
    'bucket-web',
    ['tools', 'bucket', 'web', `--objstore.config-file=${file}`, `--http-address=${address}`, '--refresh=1s'],
    join(directory, 'web.log'),
    { program: 'thanos' },
  );
  const stop = async (): Promise<void> => {
    await peer.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await ready(`http://${address}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { file, url: `http://${address}`, stop };
}
