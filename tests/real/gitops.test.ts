import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import type { PolicyInput } from '../../policy/contract.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import {
  channels,
  eventually,
  slackUser,
  startTestSystem,
  type TestSystem,
  type Thread,
  temporaryDirectory,
  textOf,
} from '../e2e/system.ts';
import { type ArgoCd, startArgoCd } from './argocd.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { mergeBranches } from './forge.ts';
import { commitFile, type GitHub, type Pull, startGitHub } from './github.ts';
import { mergeInto } from './github-graphql.ts';

const file = 'deploy/cart.yaml';
const good = 'registry.example/shop/cart:1.0.0';

let cluster: ControlPlane;
let argo: ArgoCd;
let github: GitHub;
let system: TestSystem;
let releases = 0;

const manifest = (image: string) => `# Deployed by Argo CD.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector:
    matchLabels: { app: cart }
  template:
    metadata:
      labels: { app: cart }
    spec:
      containers:
        - name: cart
          image: ${image} # by CI
`;

/** `watchkeeper.yaml` with the real peers as its one site. */
function configuration(): string {
  const { read, write } = cluster.kubeconfig;
  const kubernetes = { context: cluster.context, kubeconfig: { read, write } };
  const argocd = { server: argo.server, transport: 'plaintext', token: argo.tokens };
  const own = { host: github.host, repositories: ['acme/*'], token: github.tokens, ca: github.certificate, mergeReverts: true };
  return stringify({
    sites: [{ name: 'real', environment: 'production', kubernetes, argocd, github: own }],
    services: [
      {
        ...{ name: 'cart', site: 'real', namespace: 'cart', verifyWithinSeconds: 20 },
        gitops: { repository: 'acme/shop', manifest: file },
      },
    ],
  });
}

const appJson = async () => JSON.parse(await cluster.kubectl(['get', 'application/cart', '--namespace=argocd', '--output=json']));

/** As a person does who presses Sync. */
async function deploy(revision: string): Promise<void> {
  const operation = { sync: { revision }, initiatedBy: { username: 'ann' } };
  await cluster.kubectl(['patch', 'application/cart', '--namespace=argocd', '--type=merge', `--patch=${JSON.stringify({ operation })}`]);
  await eventually('it is deployed', async () => {
    const { status } = await appJson();
    return status?.operationState?.syncResult?.revision === revision && status.operationState.phase === 'Succeeded';
  });
}

const inGit = () => github.repository.git(['cat-file', 'blob', `main:${file}`]);

async function breakCart(): Promise<string> {
  releases += 1;
  // Where a test before did not end well.
  if ((await inGit()) !== manifest(good).trim()) await deploy(await commitFile(github.repository, file, manifest(good)));
  await cluster.kubectl(['rollout', 'status', 'deployment/cart', '--namespace=cart', '--timeout=60s']);
  const image = `registry.example/shop/cart:broken-1.${releases}.0`;
  await deploy(await commitFile(github.repository, file, manifest(image)));
  const waiting = '{.items[*].status.containerStatuses[*].state.waiting.reason}';
  const reasons = () => cluster.kubectl(['get', 'pods', '--namespace=cart', `-o=jsonpath=${waiting}`]);
  await eventually('a pod that cannot pull its image', async () => (await reasons()).includes('ImagePullBackOff'), 30_000);
  return image;
}

beforeAll(async () => {
  cluster = await startControlPlane();
  [argo, github] = await Promise.all([startArgoCd(cluster), startGitHub({ [file]: manifest(good) })]);
  setDefaultCACertificates([...getCACertificates(), readFileSync(github.certificate, 'utf8')]);
  await cluster.kubectl(['create', 'namespace', 'cart']);
  const url = `https://${github.host}/acme/shop.git`;
  await argo.createApplicationOf({ name: 'cart', url, password: 'made-up-reader', path: 'deploy', automated: false });
  await deploy(await github.repository.git(['rev-parse', 'main']));
  await cluster.kubectl(['rollout', 'status', 'deployment/cart', '--namespace=cart', '--timeout=60s']);
  const directory = temporaryDirectory();
  const path = join(directory, 'watchkeeper.yaml');
  writeFileSync(path, configuration(), { mode: 0o600 });
  system = await startTestSystem({ scenario: 'healthy', directory, env: { WATCHKEEPER_CONFIG: path } });
});
afterAll(async () => {
  await system?.stop();
  await github?.stop();
  await argo?.stop();
  await cluster?.stop();
});

/** From the report of a person to the pull request that the approved plan opened. */
async function approved(...words: readonly string[]): Promise<{ thread: Thread; stored: StoredPlan; pull: Pull }> {
  const thread = await system.mention('erin', channels.incidents, 'cart does not come up since the last deploy');
  const { plan: stored, incident } = await system.incident(thread, (each, plan) => plan?.state === 'pending' || each.state === 'closed');
  if (stored === null) throw new Error(`no plan: ${incident.outcome}: ${JSON.stringify(await system.read('erin', thread))}`);
  const alice = slackUser('alice');
  const card = await system.hands.until(alice, thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  for (const shown of [
    ...words,
    'acme/shop',
    file,
    good,
    `+          image: ${good}`,
    'People have merged it (within 60 min)',
    'github.withdraw',
    'Argo CD application cart owns it',
  ])
    expect(textOf(card)).toContain(shown);
  const before = github.repository.pulls.length;
  const branches = await github.repository.git(['for-each-ref', '--format=%(refname)', 'refs/heads/']);
  expect(branches, 'nothing is pushed before the approval').not.toContain(stored.plan.id);
  await system.hands.click(alice, card, 'plan.approve');
  const pull = await eventually('a pull request', async () => github.repository.pulls[before]);
  await system.see('erin', thread, `${github.host}/acme/shop/pull/${pull.number}`, 'It waits now, until');
  return { thread, stored, pull };
}

const deployed = async () =>
  (await cluster.kubectl(['get', 'deployment/cart', '--namespace=cart', '-o=jsonpath={.spec.template.spec.containers[0].image}'])).trim();
/** What policy says to the direct write, by the question that it was asked about the plan and the owner that was read. */
async function directWrite({ plan }: StoredPlan): Promise<readonly string[]> {
  const [asked] = await system.rows<{ input: PolicyInput & { steps: object[] } }>(
    "select input from policy_decisions where plan_id = $1 and input->>'question' = 'plan'",
    [plan.id],
  );
  if (asked === undefined) throw new Error('policy was not asked about the plan');
  const states = (await system.core.store.observations.listForIncident(plan.incidentId)).filter(
    ({ operation }) => operation === 'kubernetes.rollout_state',
  );
  const { output } = await system.core.store.observations.get(states.at(-1)?.id ?? '');
  const ownership = { kind: 'git', by: (output as { gitOwner: string }).gitOwner };
  const steps = [{ ...asked.input.steps[0], operation: 'kubernetes.rollout_undo', tier: 'medium', ownership }];
  const { verdict, reasons } = system.core.policy.decide({ ...asked.input, steps, breakGlassSettings: null } as PolicyInput);
  return [verdict, ...reasons];
}

test('a bad image that Git deployed is found; the fix is a pull request that people merge, deployed and verified', async () => {
  const image = await breakCart();
  const { thread, stored, pull } = await approved(image);
  const [change, sync] = stored.plan.steps;
  expect(stored.plan.steps.map(({ operation, tier }) => [operation, tier])).toEqual([
    ['github.change', 'low'],
    ['argocd.sync_merged', 'low'],
  ]);
  expect(change?.dryRun).toMatchObject({
    kind: 'shown',
    diff: expect.stringContaining(`-          image: ${image} # by CI\n+          image: ${good} # by CI`),
  });
  expect(change?.rollback).toMatchObject({ kind: 'operation', call: { operation: 'github.withdraw' } });
  expect(sync?.via).toMatchObject({ binary: 'argocd', argv: expect.arrayContaining(['--revision=<merged commit>']) });
  expect(await deployed(), 'nothing is deployed before the merge').toBe(image);
  expect(await directWrite(stored)).toEqual([
    'deny',
    expect.stringMatching(/owned by Git \(Argo CD application cart\).*propose the change as a pull request/),
  ]);

  expect(pull).toMatchObject({ base: 'main', head: `watchkeeper/${stored.plan.id}-s1` });
  for (const shown of [stored.plan.id, stored.plan.incidentId, image, good]) expect(pull.body).toContain(shown);
  const message = await github.repository.git(['log', '-1', '--format=%B', pull.head]);
  expect(message).toContain(`Watchkeeper-Plan: ${stored.plan.id} s1\nSigned-off-by: `);
  await mergeInto(github.repository, pull, 'SQUASH');

  const closed = await system.incident(thread, ({ state }) => state === 'closed');
  expect(closed.incident).toMatchObject({ outcome: 'resolved' });
  expect(closed.plan?.steps).toMatchObject([{ state: 'done' }, { state: 'done', verification: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(await deployed()).toBe(good);
  expect((await appJson()).status.history.at(-1).revision).toBe(pull.mergeCommit);
  expect(await inGit()).toBe(manifest(good).trim());
});

test('a newer deployment that holds the change is not put back: it is verified as it is', async () => {
  await breakCart();
  const { thread, pull } = await approved();
  // Before anybody hears of the merge, somebody has deployed it together with a change of their own.
  const merged = await mergeBranches(github.repository.git, pull, pull.title, true);
  const newer = await commitFile(github.repository, 'deploy/more.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\n');
  await deploy(newer);
  Object.assign(pull, { mergeCommit: merged, state: 'MERGED' });
  const { incident, plan } = await system.incident(thread, ({ state }) => state === 'closed');
  expect(incident).toMatchObject({ outcome: 'resolved' });
  expect(plan?.steps).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  const { history } = (await appJson()).status as { history: { revision: string }[] };
  expect([history.at(-1)?.revision, history.some(({ revision }) => revision === merged)]).toEqual([newer, false]);
  expect(await deployed()).toBe(good);
});

test('what does not help is taken back: the deployment before, and a pull request that reverts the other', async () => {
  const image = await breakCart();
  const { thread, pull } = await approved(image);
  // No new pod finds a place from now on.
  const node = (await cluster.kubectl(['get', 'nodes', '--output=name'])).trim().split('\n');
  for (const one of node) await cluster.kubectl(['cordon', one]);
  try {
    await mergeInto(github.repository, pull, 'SQUASH');
    const { incident, plan } = await system.incident(thread, ({ state }) => state === 'closed');
    expect(incident).toMatchObject({ outcome: 'rolled_back' });
    expect(plan?.steps).toMatchObject([
      { state: 'rolled_back' },
      { state: 'rolled_back', reason: expect.stringContaining('Rollout of cart') },
    ]);
  } finally {
    for (const one of node) await cluster.kubectl(['uncordon', one]);
  }
  expect(github.repository.pulls.at(-1)).toMatchObject({ title: expect.stringMatching(/^Revert: /), state: 'MERGED' });
  expect(await inGit()).toBe(manifest(image).trim());
  expect(await deployed()).toBe(image);
});

test('a request that somebody closes is an answer: it ends at once; where Argo CD deploys by itself there is no second step', async () => {
  await breakCart();
  const automated = { spec: { syncPolicy: { automated: {} } } };
  await cluster.kubectl(['patch', 'application/cart', '--namespace=argocd', '--type=merge', `--patch=${JSON.stringify(automated)}`]);
  const { thread, stored, pull } = await approved();
  expect(stored.plan.steps).toMatchObject([{ operation: 'github.change', rollback: { verification: [{}, { afterOthers: true }] } }]);
  pull.state = 'CLOSED';
  const { incident, plan } = await system.incident(thread, ({ state }) => state === 'closed');
  expect(incident).toMatchObject({ outcome: 'rolled_back' });
  expect(plan?.steps).toMatchObject([
    { state: 'rolled_back', reason: expect.stringMatching(/standing is "closed"|it was closed without being merged/) },
  ]);
  expect(github.repository.pulls.at(-1), 'nothing more is asked for').toBe(pull);
});
