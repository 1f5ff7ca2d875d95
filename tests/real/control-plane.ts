import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KeyPair, selfSigned } from '../../tools/testing/certificates.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { freePort, type Peer, requirePrograms, startPeer, until } from './processes.ts';

/** A real Kubernetes control plane; nodes and pods are kwok's. */
export interface ControlPlane {
  /** Name of the one context in both kubeconfigs. */
  readonly context: string;
  /** Paths. `read` and `write` are bound to the two roles of docs/guides/kubernetes-roles.yaml; neither runs exec plugins. */
  readonly kubeconfig: { readonly read: string; readonly write: string; readonly admin: string };
  readonly server: string;
  /** Where ports of every pod are forwarded to on loopback, as kwok does it in the kubelet's place: port of the pod → port here. */
  readonly forwards: Readonly<Record<number, number>>;
  /** Runs kubectl as the administrator; resolves to standard output, rejects when it fails. */
  kubectl(argv: readonly string[]): Promise<string>;
  /** Applies YAML as the administrator. */
  apply(yaml: string): Promise<void>;
  /** Creates what does not exist yet, as the administrator: a request for each object. */
  create(yaml: string): Promise<void>;
  stop(): Promise<void>;
}

const context = 'real';
/** Of Argo CD's Redis and repository server. */
const forwardedPorts = [6379, 8081];
const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'kubectl', 'metrics-server', 'openssl'];
// In the kubelet's own format: time, stream, F for a full line, text.
const logText = '2026-01-01T00:00:00.000000000Z stdout F listening on :8080\n2026-01-01T00:00:01.000000000Z stderr F upstream timed out\n';

export interface ControlPlaneOptions {
  /** For thousands of objects: controllers may ask the API server often, and no metrics are scraped. */
  readonly big?: boolean;
}

/** Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok on loopback ports; resolves when a node is Ready. */
export async function startControlPlane({ big = false }: ControlPlaneOptions = {}): Promise<ControlPlane> {
  await requirePrograms(programs);
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-real-'));
  const peers: Peer[] = [];
  const stop = async (): Promise<void> => {
    for (const peer of peers.toReversed()) await peer.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const start = (name: string, argv: readonly string[]): void => {
    peers.push(startPeer(name, argv, join(directory, `${name}.log`)));
  };
  try {
    return { ...(await bringUp(directory, start, big)), stop };
  } catch (error) {
    const logs = await Promise.all(peers.map((peer) => lastLines(join(directory, `${peer.name}.log`))));
    await stop();
    throw new Error(`the control plane did not come up\n${logs.join('\n')}`, { cause: error });
  }
}

type Start = (name: string, argv: readonly string[]) => void;

async function bringUp(directory: string, start: Start, big: boolean): Promise<Omit<ControlPlane, 'stop'>> {
  const [etcd, etcdPeer, api, kubelet, managerPort, schedulerPort] = await Promise.all(Array.from({ length: 6 }, () => freePort()));
  const forwards = Object.fromEntries(await Promise.all(forwardedPorts.map(async (port) => [port, await freePort()] as const)));
  const serving = await selfSigned(directory, 'apiserver');
  const frontProxy = await selfSigned(directory, 'front-proxy');
  const server = `https://127.0.0.1:${api}`;
  const users = await writeUsers(directory, server, serving);
  const serviceAccounts = await serviceAccountKeys(directory);

  const etcdUrl = `http://127.0.0.1:${etcd}`;
  const etcdPeerUrl = `http://127.0.0.1:${etcdPeer}`;
  start('etcd', [
    ...['--data-dir', join(directory, 'etcd'), '--unsafe-no-fsync', '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...['--listen-peer-urls', etcdPeerUrl, '--initial-advertise-peer-urls', etcdPeerUrl, '--initial-cluster', `default=${etcdPeerUrl}`],
  ]);
  start('kube-apiserver', [
    ...[`--etcd-servers=${etcdUrl}`, '--bind-address=127.0.0.1', `--secure-port=${api}`, '--service-cluster-ip-range=10.96.0.0/16'],
    ...[`--tls-cert-file=${serving.certificate}`, `--tls-private-key-file=${serving.key}`, `--token-auth-file=${users.tokens}`],
    ...[
      '--allow-privileged=true',
      '--authorization-mode=RBAC',
      '--anonymous-auth=false',
      '--service-account-issuer=https://kubernetes.default.svc',
    ],
    ...[`--service-account-key-file=${serviceAccounts.public}`, `--service-account-signing-key-file=${serviceAccounts.private}`],
    // ServiceAccount: pods need no token here, and would wait for one. No kubelet certificate: kwok's is unsigned.
    ...['--disable-admission-plugins=ServiceAccount', '--endpoint-reconciler-type=none', '--kubelet-preferred-address-types=InternalIP'],
    // Debian's etcd cannot report watch progress. Without streamed lists clients fall back at once; with them they retry, ever later.
    '--feature-gates=WatchList=false',
    // The aggregation layer says to metrics-server who asks.
    ...[`--proxy-client-cert-file=${frontProxy.certificate}`, `--proxy-client-key-file=${frontProxy.key}`],
    ...[`--requestheader-client-ca-file=${frontProxy.certificate}`, '--requestheader-username-headers=X-Remote-User'],
    ...['--requestheader-group-headers=X-Remote-Group', '--requestheader-extra-headers-prefix=X-Remote-Extra-'],
    ...[`--cert-dir=${directory}`],
  ]);
  const run = kubectlAs(users.admin);
  await until('kube-apiserver ready', 60_000, async () => ((await run(['get', '--raw', '/readyz'])) === 'ok' ? true : undefined));

  const common = [`--kubeconfig=${users.admin}`, '--leader-elect=false', '--bind-address=127.0.0.1', `--cert-dir=${directory}`];
  // On a busy machine kwok's heartbeats come late, and pods that are once called unready for it stay so: kwok does not look again.
  const patience = `--node-monitor-grace-period=${big ? '2h' : '10m'}`;
  const often = big ? ['--kube-api-qps=1000', '--kube-api-burst=2000'] : [];
  const workers = big ? ['--concurrent-deployment-syncs=20', '--concurrent-replicaset-syncs=20'] : ['--concurrent-deployment-syncs=5'];
  start('kube-controller-manager', [...common, `--secure-port=${managerPort}`, ...workers, ...often, patience]);
  start('kube-scheduler', [...common, `--secure-port=${schedulerPort}`, ...often]);
  start('kwok', [
    ...[`--kubeconfig=${users.admin}`, '--manage-all-nodes', '--node-ip=127.0.0.1', `--node-port=${kubelet}`],
    ...[`--server-address=127.0.0.1:${kubelet}`, `--config=${join(import.meta.dirname, 'stages.yaml')}`],
    ...[
      `--config=${join(import.meta.dirname, 'usage.yaml')}`,
      `--config=${await writePodLogs(directory)}`,
      `--config=${await writeForwards(directory, forwards)}`,
      ...(await kubeletTls(directory)),
    ],
  ]);
  const apply = (yaml: string): Promise<void> => sendAs(users.admin, ['apply'], yaml);
  const create = (yaml: string): Promise<void> => sendAs(users.admin, ['create', '--validate=false'], yaml);
  for (const roles of ['kubernetes-roles.yaml', 'helm-roles.yaml'])
    await apply(await readFile(join(import.meta.dirname, '../../docs/guides', roles), 'utf8'));
  await apply(await readFile(join(import.meta.dirname, 'rbac.yaml'), 'utf8'));
  await run(['wait', '--for=condition=Ready', 'node/node-1', '--timeout=60s']);
  if (!big) await startMetricsServer(start, apply, users.admin, directory);
  await until('service account', 30_000, () => run(['get', 'serviceaccount', 'default']));
  return {
    context,
    kubeconfig: { read: users.read, write: users.write, admin: users.admin },
    server,
    forwards,
    kubectl: run,
    apply,
    create,
  };
}

/** `kubectl top` answers about half a minute later, after two scrapes. */
async function startMetricsServer(start: Start, apply: (yaml: string) => Promise<void>, admin: string, directory: string): Promise<void> {
  const port = await freePort();
  start('metrics-server', [
    ...[
      `--kubeconfig=${admin}`,
      `--authentication-kubeconfig=${admin}`,
      `--authorization-kubeconfig=${admin}`,
      `--cert-dir=${directory}/ms`,
    ],
    ...[
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s',
      '--kubelet-insecure-tls',
      '--kubelet-use-node-status-port',
    ],
    ...['--kubelet-preferred-address-types=InternalIP'],
  ]);
  const service = { name: 'metrics-server', namespace: 'kube-system' };
  // A service of type ExternalName is the one kind that may lead to the loopback interface.
  const resources = [
    { apiVersion: 'v1', kind: 'Service', metadata: service, spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] } },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
        ...{ service: { ...service, port }, insecureSkipTLSVerify: true },
      },
    },
  ];
  await apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: resources }));
}

async function writeUsers(directory: string, server: string, serving: KeyPair) {
  const users = { admin: 'system:masters', reader: '', writer: '' };
  const tokens = join(directory, 'tokens.csv');
  const path = (user: string): string => join(directory, `${user}.kubeconfig`);
  const lines: string[] = [];
  for (const [user, group] of Object.entries(users)) {
    const token = randomUUID();
    lines.push(`${token},${user},${user},"${group}"`);
    await writeKubeconfig(path(user), { context, server, authority: serving.certificate, token });
  }
  await writeFile(tokens, `${lines.join('\n')}\n`, { mode: 0o600 });
  return { tokens, admin: path('admin'), read: path('reader'), write: path('writer') };
}

async function serviceAccountKeys(directory: string): Promise<{ public: string; private: string }> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const paths = { public: join(directory, 'sa.pub'), private: join(directory, 'sa.key') };
  await writeFile(paths.public, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(paths.private, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return paths;
}

async function kubeletTls(directory: string): Promise<string[]> {
  const pair = await selfSigned(directory, 'kubelet');
  return [`--tls-cert-file=${pair.certificate}`, `--tls-private-key-file=${pair.key}`];
}

/** The one pod whose log is a gigabyte: of its own namespace, made by whoever reads it. */
export const talkative = { namespace: 'long-log', name: 'talkative', lines: 5_000, last: 'panic: the disk is gone' } as const;

/** Every container's log, as kwok serves it in the kubelet's place. */
async function writePodLogs(directory: string): Promise<string> {
  const logsFile = join(directory, 'pod.log');
  await writeFile(logsFile, logText);
  const long = join(directory, 'long.log');
  await writeLongLog(long);
  const kwok = (kind: string, metadata: object, file: string, containers: object = {}) =>
    JSON.stringify({ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind, metadata, spec: { logs: [{ ...containers, logsFile: file }] } });
  const { namespace, name } = talkative;
  const path = join(directory, 'logs.yaml');
  const resources = [kwok('Logs', { namespace, name }, long, { containers: ['app'] }), kwok('ClusterLogs', { name: 'all' }, logsFile)];
  await writeFile(path, resources.join('\n---\n'));
  return path;
}

async function writeForwards(directory: string, forwards: Readonly<Record<number, number>>): Promise<string> {
  const each = Object.entries(forwards).map(([port, here]) => ({ ports: [Number(port)], target: { address: '127.0.0.1', port: here } }));
  const resource = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterPortForward',
    metadata: { name: 'all' },
    spec: { forwards: each },
  };
  const path = join(directory, 'forwards.yaml');
  await writeFile(path, JSON.stringify(resource));
  return path;
}

/** A gigabyte that takes no room on the disk, and after it lines of which the last says what matters. */
async function writeLongLog(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.truncate(2 ** 30);
    const line = (text: string) => `2026-01-01T00:00:02.000000000Z stdout F ${text}\n`;
    const lines = Array.from({ length: talkative.lines }, (_, index) => line(`request ${index} ${'x'.repeat(1_000)}`));
    await file.write(`\n${lines.join('')}${line(talkative.last)}`, 2 ** 30);
  } finally {
    await file.close();
  }
}

function kubectlAs(kubeconfig: string): (argv: readonly string[]) => Promise<string> {
  return async (argv) => (await promisify(execFile)('kubectl', [`--kubeconfig=${kubeconfig}`, ...argv], { maxBuffer: 2 ** 28 })).stdout;
}

function sendAs(kubeconfig: string, verb: readonly string[], yaml: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', [`--kubeconfig=${kubeconfig}`, ...verb, '-f', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`kubectl ${verb[0]}: ${stderr}`))));
    child.stdin.end(yaml);
  });
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return `${path}:\n${text.split('\n').slice(-15).join('\n')}`;
}
