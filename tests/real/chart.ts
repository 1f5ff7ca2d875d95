import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';

/** A chart repository on loopback, with versions of one small chart `web`; packed and indexed by helm itself. */
export interface ChartRepository {
  readonly url: string;
  /** Path of a packed chart. */
  chart(version: string): string;
  stop(): Promise<void>;
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}, labels: { app: {{ .Release.Name }} } }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec: { containers: [{ name: web, image: "registry.example/shop/web:{{ .Chart.Version }}" }] }
`;

const test = `apiVersion: v1
kind: Pod
metadata: { name: {{ .Release.Name }}-test, annotations: { helm.sh/hook: test } }
spec: { restartPolicy: Never, containers: [{ name: test, image: registry.example/test:1 }] }
`;

async function writeChart(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'templates/tests'), { recursive: true });
  await writeFile(join(folder, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'web', version, appVersion: version }));
  await writeFile(join(folder, 'values.yaml'), stringify({ replicas: 1 }));
  await writeFile(join(folder, 'templates/deployment.yaml'), deployment);
  await writeFile(join(folder, 'templates/tests/test.yaml'), test);
}

export async function startChartRepository(versions: readonly string[]): Promise<ChartRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-charts-'));
  const run = promisify(execFile);
  const server = createServer((request, response) => {
    readFile(join(folder, basename(request.url ?? ''))).then(
      (file) => response.end(file),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const version of versions) {
    await writeChart(join(folder, 'source', version), version);
    await run('helm', ['package', join(folder, 'source', version), '--destination', folder]);
  }
  await run('helm', ['repo', 'index', folder, '--url', url]);
  return {
    url,
    chart: (version) => join(folder, `web-${version}.tgz`),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
