import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRegistry } from '../../tools/registry.ts';
import { type Bench, createBench } from '../../tools/testing/runner.ts';
import type { Autonomy } from '../../workflows/activities/deps.ts';
import type { Estate } from '../../workflows/ports.ts';
import { createReads } from '../calls/reads.ts';
import { ConfigFile } from '../config-file.ts';
import { estateOf } from '../core.ts';
import { alice, newIncident } from '../store/fixtures.ts';
import { createTestApi, type TestApi } from './testing.ts';

const file = ConfigFile.parse({ sites: [{ name: 'production' }, { name: 'closed' }, { name: 'dark' }] });
const rules: Autonomy['rules'] = [{ mode: 'deny', site: 'closed', tier: 'read' }];
const autonomy = { rules, windows: [], timezone: 'UTC' } as unknown as Autonomy;
const estate: Estate = estateOf(file);
const input = { kind: 'deployment', namespace: 'shop', name: 'checkout' };

let bench: Bench;
let t: TestApi;
beforeAll(async () => {
  bench = await createBench();
  t = await createTestApi(async ({ pool }, store) => ({
    reads: createReads({
      ...{ pool, store, policy: await loadCommittedPolicy(), registry: createRegistry(), estate, autonomy },
      // The same runner without an engine in between.
      async carry(call) {
        const answer = await bench.runner.call(call);
        for (const observation of bench.observations.splice(0)) await store.observations.put(observation);
        return answer;
      },
    }),
  }));
});
afterAll(async () => {
  await t.close();
  await bench.close();
});

async function call(body: object, token = t.admin) {
  const answer = await t.call('POST', '/v1/tools/call', {
    token,
    body: { site: 'production', operation: 'kubernetes.rollout_status', input, ...body },
  });
  return { status: answer.statusCode, body: answer.json() };
}

const audited = (kind: string) => t.store.audit.list({ kind }, 0, 50);

test('a read runs at its site, is kept as an observation, and is audited before it runs', async () => {
  await bench.kubectl('echo \'deployment "checkout" successfully rolled out\'');
  const { incident } = await t.store.incidents.open(newIncident(), alice);
  const { status, body } = await call({ incident: incident.id });
  expect([status, body.status]).toEqual([200, 'ok']);
  const kept = await t.store.observations.get(body.observation);
  expect(kept).toMatchObject({ callId: body.callId, incidentId: incident.id, operation: 'kubernetes.rollout_status', mode: 'run' });
  expect(body.output).toEqual(kept.output);
  expect((await audited('tool.called')).at(-1)?.body).toMatchObject({
    actor: { kind: 'service_token' },
    incidentId: incident.id,
    data: { call: body.callId, operation: 'kubernetes.rollout_status', site: 'production' },
  });
  const decisions = await t.store.decisions.list({ question: 'read' }, null, 5);
  expect(decisions[0]).toMatchObject({ incidentId: incident.id, verdict: 'allow', input: { subject: { serviceToken: true } } });
});

test('it needs no incident, and a failing program is an answer', async () => {
  await bench.kubectl('echo "Error from server (NotFound)" >&2; exit 1');
  const { status, body } = await call({});
  expect([status, body.status]).toEqual([200, 'error']);
  expect((await t.store.observations.get(body.observation)).incidentId).toBe('none');
});

test.each<[string, object, number, string]>([
  ['a write', { operation: 'kubernetes.rollout_undo' }, 403, 'not_a_read'],
  ['what is not registered', { operation: 'kubernetes.exec' }, 422, 'unknown_operation'],
  ['a site that nobody knows', { site: 'elsewhere' }, 422, 'unknown_site'],
  ['a flag in place of a name', { input: { ...input, name: '--kubeconfig=/etc/shadow' } }, 422, 'bad_input'],
  ['an incident that there is not', { incident: "x' OR 1=1 --" }, 404, 'not_found'],
  ['what policy denies', { site: 'closed' }, 403, 'denied'],
  ['a site without a runner', { site: 'dark' }, 503, 'bad_contract'],
  ['a grant', { grant: 'x' }, 400, 'invalid_request'],
])('%s is refused, and nothing runs', async (_what, body, status, code) => {
  await bench.kubectl('true');
  const before = (await bench.started()).length;
  expect(await call(body)).toMatchObject({ status, body: { code } });
  expect(await bench.started()).toHaveLength(before);
});

test('a token is held to its sites and operations, and needs the scope', async () => {
  const made = { name: 'x', scopes: ['tools:call'], sites: ['production'], operations: ['prometheus.*'] };
  const { secret } = (await t.call('POST', '/v1/service-tokens', { token: t.admin, body: made })).json();
  expect((await call({}, secret)).body).toMatchObject({ status: 403, code: 'outside_limits' });
  expect((await call({ site: 'dark', operation: 'prometheus.alerts' }, secret)).body.code).toBe('outside_limits');
  expect((await call({ operation: 'prometheus.alerts', input: {} }, secret)).body.code).not.toBe('outside_limits');
  expect((await call({}, await t.tokenWith('read'))).body.code).toBe('missing_scope');
});

test('a token for one site puts no evidence into an incident of another one', async () => {
  const made = { name: 'y', scopes: ['tools:call'], sites: ['production'] };
  const { secret } = (await t.call('POST', '/v1/service-tokens', { token: t.admin, body: made })).json();
  const { incident: foreign } = await t.store.incidents.open({ ...newIncident(), site: 'dark' }, alice);
  const { incident: own } = await t.store.incidents.open({ ...newIncident(), site: 'production' }, alice);
  await bench.kubectl('true');
  const before = (await bench.started()).length;
  expect(await call({ incident: foreign.id }, secret)).toMatchObject({ status: 403, body: { code: 'outside_limits' } });
  expect(await bench.started()).toHaveLength(before);
  expect((await call({ incident: own.id }, secret)).status).toBe(200);
});
