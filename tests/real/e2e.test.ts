import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { channels, eventually, slackUser, startTestSystem, type TestSystem, temporaryDirectory, textOf } from '../e2e/system.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const good = 'registry.example/shop/web:1.0.0';
const broken = 'registry.example/shop/web:broken-1.1.0';

let cluster: ControlPlane;
let system: TestSystem;

/** `watchkeeper.yaml` with the real cluster as its one site. */
function configuration(): string {
  const { read, write } = cluster.kubeconfig;
  return stringify({
    sites: [{ name: 'real', environment: 'production', kubernetes: { context: cluster.context, kubeconfig: { read, write } } }],
    services: [{ name: 'web', site: 'real', namespace: 'shop', verifyWithinSeconds: 60 }],
  });
}

/** A deployment whose second revision has an image that cannot be pulled. */
async function breakWeb(): Promise<void> {
  await cluster.kubectl(['create', 'namespace', 'shop']);
  await cluster.kubectl(['create', 'deployment', 'web', `--image=${good}`, '--replicas=2', '--namespace=shop']);
  await cluster.kubectl(['rollout', 'status', 'deployment/web', '--namespace=shop', '--timeout=60s']);
  await cluster.kubectl(['set', 'image', 'deployment/web', `web=${broken}`, '--namespace=shop']);
  const waiting = '{.items[*].status.containerStatuses[*].state.waiting.reason}';
  const reasons = () => cluster.kubectl(['get', 'pods', '--namespace=shop', `-o=jsonpath=${waiting}`]);
  await eventually('a pod that cannot pull its image', async () => (await reasons()).includes('ImagePullBackOff'), 30_000);
}

beforeAll(async () => {
  cluster = await startControlPlane();
  await breakWeb();
  const directory = temporaryDirectory();
  const file = join(directory, 'watchkeeper.yaml');
  writeFileSync(file, configuration(), { mode: 0o600 });
  system = await startTestSystem({ scenario: 'healthy', directory, env: { WATCHKEEPER_CONFIG: file } });
});
afterAll(async () => {
  await system?.stop();
  await cluster?.stop();
});

test('a broken image is found, undone and verified on a real cluster, through Slack', async () => {
  expect(system.parts.estate, 'no simulation').toBeNull();
  const thread = await system.mention('erin', channels.incidents, 'web does not come up since the last deploy');
  const { plan, incident } = await system.incident(thread, (each, stored) => stored?.state === 'pending' || each.state === 'closed');
  const [finding] = await system.core.store.findings.listForIncident(incident.id);
  expect(finding).toMatchObject({ cause: 'image_not_found', entity: { site: 'real', namespace: 'shop', name: 'web' } });
  expect(plan?.plan.steps).toMatchObject([
    { operation: 'kubernetes.rollout_undo', site: 'real', input: { kind: 'deployment', namespace: 'shop', name: 'web', toRevision: 1 } },
  ]);
  expect(plan?.plan.steps[0]?.dryRun.kind).toBe('shown');

  const alice = slackUser('alice');
  const card = await system.hands.until(alice, thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  for (const shown of [broken, good, '--to-revision=1']) expect(textOf(card)).toContain(shown);
  const before = await cluster.kubectl([
    'get',
    'deployment/web',
    '--namespace=shop',
    '-o=jsonpath={.spec.template.spec.containers[0].image}',
  ]);
  expect(before, 'nothing runs before the approval').toBe(broken);
  await system.hands.click(alice, card, 'plan.approve');

  const closed = await system.incident(thread, ({ state }) => state === 'closed');
  expect(closed.incident.outcome).toBe('resolved');
  expect(closed.plan?.steps).toMatchObject([{ state: 'done', verification: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  await system.see('erin', thread, 'Resolved and verified');
  const after = '{.spec.template.spec.containers[0].image} {.status.readyReplicas}/{.spec.replicas}';
  expect(await cluster.kubectl(['get', 'deployment/web', '--namespace=shop', `-o=jsonpath=${after}`])).toBe(`${good} 2/2`);
  const pods = '{range .items[*]}{.spec.containers[0].image} {.status.containerStatuses[0].ready}{"\\n"}{end}';
  await expect
    .poll(async () => (await cluster.kubectl(['get', 'pods', '--namespace=shop', `-o=jsonpath=${pods}`])).trim().split('\n'), {
      timeout: 30_000,
    })
    .toEqual([`${good} true`, `${good} true`]);
});
