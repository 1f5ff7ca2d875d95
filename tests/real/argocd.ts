import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { parseDocument, stringify } from 'yaml';
import type { ControlPlane } from './control-plane.ts';
import { freePort, type Peer, requirePrograms, startPeer, until } from './processes.ts';

/** A real Argo CD in the cluster of the tests: API server, repository server, application controller, Redis; and a Git repository on disk. */
export interface ArgoCd {
  /** `host:port`, without TLS. */
  readonly server: string;
  /** Paths of files with the tokens of two accounts. */
  readonly tokens: { readonly read: string; readonly write: string };
  /** Paths of kubeconfigs for `--core`: the two roles of docs/guides, in the namespace of Argo CD. */
  readonly kubeconfig: { readonly read: string; readonly write: string };
  /** Commits a deployment `web` of that image, and another object; resolves to the commit. */
  commit(image: string, more?: object): Promise<string>;
  /** Makes application `web`, of that repository, without automated sync. */
  createApplication(): Promise<void>;
  /** Makes an application of a folder of another repository. */
  createApplicationOf(source: ApplicationSource): Promise<void>;
  stop(): Promise<void>;
}

/** Deploys to the namespace of its name. */
export interface ApplicationSource {
  readonly name: string;
  /** HTTPS; its certificate is not checked. */
  readonly url: string;
  readonly password: string;
  readonly path: string;
  readonly automated: boolean;
}

const run = promisify(execFile);
const labels = { 'app.kubernetes.io/part-of': 'argocd' };
const accounts = { reader: 'read', writer: 'write' } as const;

/** Built by .ci/real-peers.sh, one folder per version. */
async function crds(): Promise<string[]> {
  const root = join(process.env['WATCHKEEPER_CACHE'] ?? join(homedir(), '.cache/watchkeeper'), 'argocd-crds');
  const version = (await readdir(root)).toSorted().at(-1) ?? '';
  return (await readdir(join(root, version))).map((name) => join(root, version, name));
}

/** Tokens of accounts as `argocd account generate-token` makes them, and what the server has to know of them. */
async function writeTokens(folder: string, key: string) {
  const iat = Math.floor(Date.now() / 1000) - 10;
  const known: Record<string, string> = { 'server.secretkey': key };
  for (const [account, use] of Object.entries(accounts)) {
    const claims = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setIssuer('argocd').setSubject(`${account}:apiKey`);
    const token = await claims.setJti(account).setIssuedAt(iat).setNotBefore(iat).sign(new TextEncoder().encode(key));
    await writeFile(join(folder, use), `${token}\n`, { mode: 0o600 });
    known[`accounts.${account}.tokens`] = JSON.stringify([{ id: account, iat }]);
  }
  return { known, paths: { read: join(folder, 'read'), write: join(folder, 'write') } };
}

/** Kubeconfigs of the cluster's two users whose context names the namespace of Argo CD, and what these users may do there. */
async function writeKubeconfigs(cluster: ControlPlane, folder: string) {
  await cluster.apply(await readFile(join(import.meta.dirname, '../../docs/guides/argocd-core-roles.yaml'), 'utf8'));
  const paths = { read: join(folder, 'read.kubeconfig'), write: join(folder, 'write.kubeconfig') };
  for (const [use, account] of Object.entries({ read: 'reader', write: 'writer' } as const)) {
    const kubeconfig = parseDocument(await readFile(cluster.kubeconfig[use as 'read' | 'write'], 'utf8'));
    kubeconfig.setIn(['contexts', 0, 'context', 'namespace'], 'argocd');
    await writeFile(paths[use as 'read' | 'write'], kubeconfig.toString(), { mode: 0o600 });
    const name = `watchkeeper-argocd-${account}`;
    await cluster.kubectl(['create', 'rolebinding', name, '--namespace=argocd', `--role=${name}`, `--user=${account}`]);
  }
  return paths;
}

const policy = (roles: string) => roles.replaceAll(/^ +/gm, '');

function configuration(known: Record<string, string>): string {
  const objects = [
    { kind: 'Namespace', metadata: { name: 'argocd' } },
    { kind: 'ConfigMap', metadata: { name: 'argocd-cm' }, data: { 'accounts.reader': 'apiKey', 'accounts.writer': 'apiKey' } },
    {
      kind: 'ConfigMap',
      metadata: { name: 'argocd-rbac-cm' },
      data: {
        'policy.csv': policy(`p, reader, applications, get, */*, allow
          p, reader, logs, get, */*, allow
          p, reader, projects, get, *, allow
          p, reader, clusters, get, *, allow
          p, writer, applications, get, */*, allow
          p, writer, applications, sync, */*, allow
          p, writer, applications, update, */*, allow
          p, writer, applications, delete, */*, allow
          p, writer, projects, get, *, allow`),
      },
    },
    { kind: 'Secret', metadata: { name: 'argocd-secret' }, stringData: known },
  ];
  return objects
    .map(({ metadata, ...rest }) => {
      const where = rest.kind === 'Namespace' ? {} : { namespace: 'argocd', labels };
      return stringify({ apiVersion: 'v1', ...rest, metadata: { ...metadata, ...where } });
    })
    .join('---\n');
}

const argo = (kind: string, name: string, spec: object) =>
  stringify({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, namespace: 'argocd' }, spec });

function pod(name: string, containerPort: number): string {
  const spec = { nodeName: 'node-1', containers: [{ name, image: `registry.example/${name}:1`, ports: [{ containerPort }] }] };
  const metadata = { name, namespace: 'argocd', labels: { 'app.kubernetes.io/name': name } };
  return stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
}

function credentials(name: string, url: string, password: string): string {
  const metadata = {
    ...{ name: `repository-${name}`, namespace: 'argocd' },
    labels: { ...labels, 'argocd.argoproj.io/secret-type': 'repository' },
  };
  return stringify({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata },
    stringData: { type: 'git', url, username: 'x-access-token', password, insecure: 'true' },
  });
}

export async function startArgoCd(cluster: ControlPlane): Promise<ArgoCd> {
  await requirePrograms(['argocd', 'redis-server', 'git']);
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-argocd-'));
  const peers: Peer[] = [];
  const stop = async (): Promise<void> => {
    for (const peer of peers.toReversed()) await peer.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const started = await bringUp(cluster, folder, peers);
    return { ...started, stop };
  } catch (error) {
    const logs = await Promise.all(
      peers.map(async ({ name }) => `${name}: ${(await readFile(join(folder, `${name}.log`), 'utf8')).slice(-2000)}`),
    );
    await stop();
    throw new Error(`Argo CD did not come up\n${logs.join('\n')}`, { cause: error });
  }
}

async function bringUp(cluster: ControlPlane, folder: string, peers: Peer[]): Promise<Omit<ArgoCd, 'stop'>> {
  const { 6379: redis = 0, 8081: repo = 0 } = cluster.forwards;
  const [api = 0, ...metrics] = await Promise.all(Array.from({ length: 4 }, () => freePort()));
  const { known, paths } = await writeTokens(folder, randomBytes(32).toString('base64'));
  for (const file of await crds()) await cluster.kubectl(['apply', '--server-side', `--filename=${file}`]);
  await cluster.apply(configuration(known));
  const project = argo('AppProject', 'default', { sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }] });
  // The new kinds are served a moment after they are made.
  await until('kinds of Argo CD', 30_000, () => cluster.apply(project).then(() => true));

  // Every part is the same program under another name.
  const part = (name: string, argv: readonly string[]): void => {
    const env = { ARGOCD_BINARY_NAME: name, ARGOCD_FAKE_IN_CLUSTER: 'true', ARGOCD_GPG_ENABLED: 'false', HOME: folder, TMPDIR: folder };
    peers.push(startPeer(name, argv, join(folder, `${name}.log`), { program: 'argocd', env }));
  };
  // What the parts take for the cluster that they run in.
  await mkdir(join(folder, '.kube'));
  await copyFile(cluster.kubeconfig.admin, join(folder, '.kube/config'));
  await mkdir(join(folder, 'redis'));
  peers.push(
    startPeer(
      'redis-server',
      [`--port`, `${redis}`, '--bind', '127.0.0.1', '--save', '', '--dir', join(folder, 'redis')],
      join(folder, 'redis-server.log'),
    ),
  );
  const common = [`--redis=127.0.0.1:${redis}`, '--loglevel=warn'];
  const inCluster = [...common, `--kubeconfig=${cluster.kubeconfig.admin}`, '--namespace=argocd', `--repo-server=127.0.0.1:${repo}`];
  part('argocd-repo-server', [...common, '--address=127.0.0.1', `--port=${repo}`, `--metrics-port=${metrics[0]}`]);
  part('argocd-application-controller', [...inCluster, `--metrics-port=${metrics[1]}`]);
  part('argocd-server', [
    ...inCluster,
    '--address=127.0.0.1',
    `--port=${api}`,
    `--metrics-port=${metrics[2]}`,
    '--insecure',
    '--dex-server=127.0.0.1:1',
  ]);
  await until('argocd-server', 60_000, async () => ((await fetch(`http://127.0.0.1:${api}/healthz`)).ok ? true : undefined));
  // What `argocd --core` forwards ports to: pods by these names, which lead to the parts above.
  await cluster.apply([pod('argocd-redis', 6379), pod('argocd-repo-server', 8081)].join('---\n'));
  const { url, commit } = await gitRepository(folder);
  const application = (name: string, repoURL: string, path: string, namespace: string, more: object = {}) =>
    argo('Application', name, {
      project: 'default',
      source: { repoURL, path, targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      ...more,
    });
  return {
    server: `127.0.0.1:${api}`,
    tokens: paths,
    kubeconfig: await writeKubeconfigs(cluster, folder),
    commit,
    createApplication: () => cluster.apply(application('web', url, 'web', 'apps')),
    createApplicationOf: ({ name, url: repoURL, password, path, automated }) =>
      cluster.apply(
        `${credentials(name, repoURL, password)}---\n${application(name, repoURL, path, name, automated ? { syncPolicy: { automated: {} } } : {})}`,
      ),
  };
}

async function gitRepository(folder: string) {
  const work = join(folder, 'work');
  await mkdir(join(work, 'web'), { recursive: true });
  const git = (...argv: string[]) => run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-C', work, ...argv]);
  await git('init', '--quiet', '--initial-branch=main');
  const commit = async (image: string, more?: object): Promise<string> => {
    const container = { name: 'web', image };
    const spec = {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    };
    await writeFile(
      join(work, 'web/deployment.yaml'),
      stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec }),
    );
    if (more !== undefined) await writeFile(join(work, 'web/more.yaml'), stringify(more));
    await git('add', '.');
    await git('commit', '--quiet', '-m', image);
    return (await git('rev-parse', 'HEAD')).stdout.trim();
  };
  return { url: `file://${work}`, commit };
}
