import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, requirePrograms, startPeer, until } from './processes.ts';

/** A real Prometheus that scrapes what the test serves, once a second. */
export interface Prometheus {
  readonly url: string;
  /** Replaces what is scraped from now on: text exposition format. */
  expose(metrics: string): void;
  /** Resolves once an instant query has a result. */
  waitFor(query: string): Promise<void>;
  stop(): Promise<void>;
}

/** Groups of a rule file: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface PrometheusOptions {
  readonly metrics: string;
  readonly groups?: readonly object[];
  readonly externalLabels?: Readonly<Record<string, string>>;
}

export async function startPrometheus({ metrics, groups = [], externalLabels = {} }: PrometheusOptions): Promise<Prometheus> {
  await requirePrograms(['prometheus']);
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-prometheus-'));
  const target = await serveMetrics(metrics);
  const port = await freePort();
  await writeFile(join(directory, 'rules.yml'), stringify({ groups }));
  await writeFile(
    join(directory, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s', external_labels: externalLabels },
      rule_files: ['rules.yml'],
      scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [`127.0.0.1:${target.port}`], labels: { instance: 'shop:80' } }] }],
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  const peer = startPeer(
    'prometheus',
    [
      ...[`--config.file=${join(directory, 'prometheus.yml')}`, `--storage.tsdb.path=${join(directory, 'data')}`],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    join(directory, 'prometheus.log'),
  );
  const stop = async (): Promise<void> => {
    await peer.stop();
    await target.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await until('Prometheus ready', 30_000, async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, expose: target.expose, waitFor: (query) => waitFor(url, query), stop };
}

async function waitFor(url: string, query: string): Promise<void> {
  await until(`a result of ${query}`, 30_000, async () => {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
    const answer = (await response.json()) as { data?: { result?: unknown[] } };
    return answer.data?.result?.length ? true : undefined;
  });
}

async function serveMetrics(initial: string) {
  let metrics = initial;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(metrics);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    expose: (next: string): void => {
      metrics = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
