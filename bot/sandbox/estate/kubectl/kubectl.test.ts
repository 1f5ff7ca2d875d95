import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Harness, startHarness } from '../harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness('healthy');
});
afterAll(() => harness.close());

/** Words of kubectl 1.34.2 against a real API server. */
const refusals: [string, string[], string][] = [
  ['an unknown flag', ['get', 'pods', '--foo'], "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"],
  ['an unknown context', ['--context=nope', 'get', 'pods'], 'Error in configuration: context was not found for specified context: nope\n'],
  ['an unknown context with a namespace', ['--context=nope', '-n', 'shop', 'get', 'pods'], 'error: context "nope" does not exist\n'],
  ['an unknown command', ['frobnicate'], 'error: unknown command "frobnicate" for "kubectl"\n'],
  ['an unknown resource type', ['get', 'frobs'], 'error: the server doesn\'t have a resource type "frobs"\n'],
  ['an unknown name', ['get', 'deployment.apps/nope'], 'Error from server (NotFound): deployments.apps "nope" not found\n'],
  ['an unknown pod for logs', ['logs', 'nope'], 'error: error from server (NotFound): pods "nope" not found in namespace "shop"\n'],
  [
    'an unknown format',
    ['rollout', 'history', 'deployment/checkout', '-o', 'bogus'],
    'error: unable to match a printer suitable for the output format "bogus", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml\n',
  ],
  [
    'a missing flag argument',
    ['get', 'pods', '--output'],
    "error: flag needs an argument: --output\nSee 'kubectl get --help' for usage.\n",
  ],
  [
    'an unknown revision',
    ['rollout', 'undo', 'deployment/checkout', '--to-revision=99'],
    'error: unable to find specified revision 99 in history\n',
  ],
  [
    'a revision that is no number',
    ['rollout', 'undo', 'deployment/x', '--to-revision=abc'],
    'error: invalid argument "abc" for "--to-revision" flag: strconv.ParseInt: parsing "abc": invalid syntax\nSee \'kubectl rollout undo --help\' for usage.\n',
  ],
  [
    'a dry run of a restart',
    ['rollout', 'restart', 'deployment/checkout', '--dry-run=server'],
    "error: unknown flag: --dry-run\nSee 'kubectl rollout restart --help' for usage.\n",
  ],
  [
    'a wrong dry run',
    ['scale', 'deployment/checkout', '--replicas=1', '--dry-run=bogus'],
    'error: Invalid dry-run value (bogus). Must be "none", "server", or "client".\n',
  ],
  ['scale without a number', ['scale', 'deployment/checkout'], 'error: required flag(s) "replicas" not set\n'],
  [
    'scale of nothing',
    ['scale', 'deployment/nope', '--replicas=3'],
    'error: no objects passed to scale deployments.apps "nope" not found\n',
  ],
  [
    'scale at another count',
    ['scale', 'deployment/checkout', '--replicas=3', '--current-replicas=7'],
    'error: Expected replicas to be 7, was 4\n',
  ],
  ['an unknown container', ['set', 'image', 'deployment/checkout', 'nope=x:1'], 'error: unable to find container named "nope"\n'],
  ['annotate of nothing', ['annotate'], 'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n'],
  ['annotate with nothing', ['annotate', 'deployment/cart', '=1'], 'error: at least one annotation update is required\n'],
  ['annotate of a kind', ['annotate', 'deployment', 'a=1'], 'error: resource(s) were provided, but no name was specified\n'],
  [
    'annotate of an unknown name',
    ['annotate', 'deployments.apps/nope', 'a=1'],
    'Error from server (NotFound): deployments.apps "nope" not found\n',
  ],
  [
    'an object after a change',
    ['annotate', 'deployment/cart', 'a=1', 'web'],
    'error: all resources must be specified before annotation changes: web\n',
  ],
  [
    'one key twice',
    ['annotate', 'deployment/cart', 'shop.example/a-', 'shop.example/a=1'],
    'error: can not both modify and remove the following annotation(s) in the same command: shop.example/a\n',
  ],
  [
    'an annotation that is there, without being asked to',
    ['annotate', 'deployment/cart', 'kubernetes.io/change-cause=other'],
    "error: --overwrite is false but found the following declared annotation(s): 'kubernetes.io/change-cause' already has a value (release 3.1.0)\n",
  ],
  [
    'an annotation of another version',
    ['annotate', 'deployment/cart', 'a=1', '--resource-version=1'],
    'Error from server (Conflict): Operation cannot be fulfilled on deployments.apps "cart": the object has been modified; please apply your changes to the latest version and try again\n',
  ],
  [
    'a key that is none',
    ['annotate', 'deployment/cart', '/a=1'],
    'The Deployment "cart" is invalid: metadata.annotations: Invalid value: "/a": prefix part must be non-empty\n',
  ],
  [
    'a timeout that is none',
    ['get', 'pods', '--request-timeout=abc'],
    'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)\n',
  ],
];

it.each(refusals)("refuses %s in kubectl's words", async (_, argv, stderr) => {
  expect(await harness.write(...argv)).toEqual({ stdout: '', stderr, exitCode: 1 });
});

const patch = 'deployments.apps "checkout" is forbidden: User "watchkeeper-reader" cannot patch resource';
const forbidden: [string, string[], string][] = [
  [
    'undo',
    ['rollout', 'undo', 'deployment/checkout', '--to-revision=6'],
    `error: failed restoring revision 6: ${patch} "deployments" in API group "apps" in the namespace "shop"\n`,
  ],
  [
    'a dry run of undo',
    ['rollout', 'undo', 'deployment/checkout', '--to-revision=6', '--dry-run=server'],
    `error: failed restoring revision 6: ${patch} "deployments" in API group "apps" in the namespace "shop"\n`,
  ],
  [
    'restart',
    ['rollout', 'restart', 'deployment/checkout'],
    `error: failed to patch: ${patch} "deployments" in API group "apps" in the namespace "shop"\n`,
  ],
  [
    'scale',
    ['scale', 'deployment/checkout', '--replicas=1'],
    `Error from server (Forbidden): ${patch} "deployments/scale" in API group "apps" in the namespace "shop"\n`,
  ],
  [
    'set image',
    ['set', 'image', 'deployment/checkout', 'checkout=x:1'],
    `error: failed to patch image update to pod template: ${patch} "deployments" in API group "apps" in the namespace "shop"\n`,
  ],
  [
    'annotate',
    ['annotate', 'deployment/checkout', 'a=1', '--dry-run=server'],
    `Error from server (Forbidden): ${patch} "deployments" in API group "apps" in the namespace "shop"\n`,
  ],
  [
    'annotate of a node',
    ['annotate', 'node/simulated-node-1', 'a=1'],
    'Error from server (Forbidden): nodes "simulated-node-1" is forbidden: User "watchkeeper-reader" cannot patch resource "nodes" in API group "" at the cluster scope\n',
  ],
  [
    'annotate of a namespace',
    ['annotate', 'namespaces/shop', 'a=1'],
    'Error from server (Forbidden): namespaces "shop" is forbidden: User "watchkeeper-reader" cannot patch resource "namespaces" in API group "" in the namespace "shop"\n',
  ],
  [
    'secrets',
    ['get', 'secrets'],
    'Error from server (Forbidden): secrets is forbidden: User "watchkeeper-reader" cannot list resource "secrets" in API group "" in the namespace "shop"\n',
  ],
];

it.each(forbidden)('forbids %s to the read-only credentials', async (_, argv, stderr) => {
  const generation = () => harness.estate.state().deployments.map((deployment) => deployment.generation);
  const before = generation();
  expect(await harness.read(...argv)).toEqual({ stdout: '', stderr, exitCode: 1 });
  expect(generation()).toEqual(before);
});

it('refuses flags that would leave the estate', async () => {
  for (const flag of ['--server=http://x', '--token=x', '--as=root', '--insecure-skip-tls-verify']) {
    expect((await harness.write('get', 'pods', flag)).stderr).toContain('the simulated estate does not support the flag');
  }
});

it('says that it is a simulation where people look', async () => {
  expect((await harness.read('get', 'nodes')).stdout).toContain('simulated-node-1');
  expect((await harness.read('version')).stdout).toContain('simulation');
  expect((await harness.read('cluster-info')).stdout).toContain('simulated');
  expect(JSON.parse((await harness.read('get', 'deployment/checkout', '-o', 'json')).stdout).metadata.labels).toMatchObject({
    'watchkeeper.dev/simulation': 'true',
  });
});

it('ends deployment pods in ImagePullBackOff when the image does not exist', async () => {
  await harness.write('set', 'image', 'deployment/cart', 'cart=registry.shop.example/shop/cart:9.9.9');
  const until = Date.now() + 5000;
  let status = '';
  while (!status.includes('ImagePullBackOff') && Date.now() < until) status = (await harness.read('get', 'pods', '-l', 'app=cart')).stdout;
  expect(status).toContain('ImagePullBackOff');
});

describe('annotate', () => {
  const object = async (name: string) => JSON.parse((await harness.read('get', name, '--output=json')).stdout);
  const said = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });

  it('sets and removes what is asked for, in one command, and moves version and generation as Kubernetes does', async () => {
    const { metadata: before } = await object('deployment/payment');
    expect(await harness.write('annotate', 'deployment/payment', 'shop.example/a=x=y', 'b=')).toEqual(
      said('deployment.apps/payment annotated\n'),
    );
    const { metadata: after } = await object('deployment/payment');
    expect(after.annotations).toEqual({ ...before.annotations, 'shop.example/a': 'x=y', b: '' });
    expect([after.generation, Number(after.resourceVersion) > Number(before.resourceVersion)]).toEqual([before.generation + 1, true]);
    expect(await harness.write('annotate', 'deployment/payment', 'shop.example/a-', 'b-', 'never-there-', '--overwrite=true')).toEqual(
      said('deployment.apps/payment annotated\n'),
    );
    expect((await object('deployment/payment')).metadata.annotations).toEqual(before.annotations);
  });

  it('changes nothing where everything is so already, says the same, and leaves the rollout alone', async () => {
    await harness.write('annotate', 'deployment/payment', 'a=1');
    const { metadata: before, spec } = await object('deployment/payment');
    expect(await harness.write('annotate', 'deployment/payment', 'a=1')).toEqual(said('deployment.apps/payment annotated\n'));
    const after = await object('deployment/payment');
    expect([after.metadata.generation, after.spec]).toEqual([before.generation, spec]);
    expect((await harness.read('rollout', 'status', 'deployment/payment')).stdout).toContain('successfully rolled out');
  });

  it('shows in a dry run what would be, and changes nothing', async () => {
    const before = await object('service/cart');
    expect(await harness.write('annotate', 'service/cart', 'a=1', '--dry-run=server')).toEqual(
      said('service/cart annotated (server dry run)\n'),
    );
    expect(await harness.read('annotate', 'service/cart', 'a=1', '--dry-run=client')).toEqual(said('service/cart annotated (dry run)\n'));
    const dry = parse((await harness.write('annotate', 'service/cart', 'a=1', '--dry-run=server', '--output=yaml')).stdout);
    expect(dry.metadata).toEqual({ ...before.metadata, annotations: { a: '1' } });
    expect(await object('service/cart')).toEqual(before);
  });

  it.each(['node/simulated-node-1', 'namespace/shop', 'service/cart', 'statefulset.apps/redis', 'pod/redis-0'])(
    'keeps those of %s',
    async (name) => {
      expect(await harness.write('annotate', name, 'shop.example/a=1')).toEqual(said(`${name} annotated\n`));
      await harness.restart();
      expect((await object(name)).metadata.annotations).toMatchObject({ 'shop.example/a': '1' });
    },
  );
});
