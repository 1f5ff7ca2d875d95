import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from './canonical.ts';
import { Observation, ToolAnswer, type ToolCall } from './contract.ts';
import { generateGrantKeys, importGrantPrivateKey, publicGrantKey } from './grant-keys.ts';
import { Deployment } from './testing/deployment.ts';
import { type Bench, createBench, grantFor, secret, toolCall } from './testing/runner.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
  await bench.kubectl('echo "deployment.apps/web rolled back"');
});
afterEach(() => bench.close());

const otherKey = async () => importGrantPrivateKey((await generateGrantKeys()).privateKey);

const readCall = toolCall({ operation: 'kubernetes.rollout_state', input: { kind: 'deployment', namespace: 'shop', name: 'web' } });

async function expectNothingRan(answer: ToolAnswer, code: string): Promise<void> {
  expect(answer).toMatchObject({ status: 'error', code, observation: null });
  expect(await bench.started()).toEqual([]);
}

describe('a write', () => {
  it('runs once with its grant, with the credentials for writing', async () => {
    const answer = await bench.runner.call(toolCall({ grant: await grantFor(bench) }));
    expect(answer).toMatchObject({ status: 'ok', output: { message: 'deployment.apps/web rolled back' } });
    expect(await bench.started()).toEqual([
      `${bench.folder}/write.yaml off rollout undo deployment.apps/web --namespace=shop --to-revision=2 --context=prod --request-timeout=20s`,
    ]);
    expect(bench.ledger.claims).toEqual(['grant-1']);
  });

  it.each([
    ['another registry', { registry: 'f'.repeat(64) }],
    ['no registry', { registry: undefined }],
  ])('of a caller with %s runs nothing, and uses no grant up', async (_what, more) => {
    const answer = await bench.runner.call(toolCall({ grant: await grantFor(bench), ...more } as Partial<ToolCall>));
    await expectNothingRan(answer, 'version_skew');
    expect(answer).toMatchObject({ message: expect.stringContaining('run the same version of worker and runner') });
    expect(bench.ledger.claims).toEqual([]);
  });

  it('runs nothing without a grant', async () => {
    await expectNothingRan(await bench.runner.call(toolCall({})), 'grant_missing');
  });

  it('runs nothing with a grant of another key', async () => {
    const other = await importGrantPrivateKey((await generateGrantKeys()).privateKey);
    await expectNothingRan(await bench.runner.call(toolCall({ grant: await grantFor(bench, {}, other) })), 'grant_invalid');
  });

  it('runs nothing with an expired grant', async () => {
    const grant = await grantFor(bench);
    bench.now = new Date(bench.now.getTime() + 91_000);
    await expectNothingRan(await bench.runner.call(toolCall({ grant })), 'grant_invalid');
  });

  it.each([
    ['another revision', { input: { kind: 'deployment', namespace: 'shop', name: 'web', toRevision: 1 } }, {}],
    ['another operation', { operation: 'kubernetes.rollout_restart', input: { kind: 'deployment', namespace: 'shop', name: 'web' } }, {}],
    ['another site', {}, { site: 'staging' }],
  ])('runs nothing with a grant for %s', async (_what, call, claims) => {
    await expectNothingRan(await bench.runner.call(toolCall({ ...call, grant: await grantFor(bench, claims) })), 'grant_invalid');
    expect(bench.ledger.claims).toEqual([]);
  });

  it('runs nothing the second time', async () => {
    const grant = await grantFor(bench);
    await bench.runner.call(toolCall({ grant }));
    expect(await bench.runner.call(toolCall({ grant, callId: 'call-2' }))).toMatchObject({ code: 'grant_claimed' });
    expect(await bench.started()).toHaveLength(1);
  });

  it('runs with the old key and with the new one while keys are rotated, and no more with one that was removed', async () => {
    const next = await importGrantPrivateKey((await generateGrantKeys()).privateKey);
    bench.keys.set('key-2', await publicGrantKey(next));
    const old = await grantFor(bench, { jti: 'old' });
    expect(await bench.runner.call(toolCall({ grant: old }))).toMatchObject({ status: 'ok' });
    const fresh = await grantFor(bench, { jti: 'new' }, next, 'key-2');
    expect(await bench.runner.call(toolCall({ grant: fresh, callId: 'call-2' }))).toMatchObject({ status: 'ok' });
    bench.keys.delete('key-1');
    const late = await bench.runner.call(toolCall({ grant: await grantFor(bench, { jti: 'late' }), callId: 'call-3' }));
    expect(late).toMatchObject({ code: 'grant_invalid', message: 'the grant is signed by an unknown key' });
    expect(await bench.started()).toHaveLength(2);
    expect(bench.refusals.told.map(({ jti, code }) => [jti, code])).toEqual([['late', 'unknown_key']]);
  });

  it('runs once when many calls race with one grant', async () => {
    const grant = await grantFor(bench);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => bench.runner.call(toolCall({ grant, callId: `call-${index}` }))),
    );
    expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(1);
    expect(await bench.started()).toHaveLength(1);
  });

  it('runs nothing while the ledger cannot be asked', async () => {
    bench.ledger.down = true;
    await expectNothingRan(await bench.runner.call(toolCall({ grant: await grantFor(bench) })), 'ledger_unavailable');
  });

  it('uses no grant up when its program is missing', async () => {
    Reflect.deleteProperty(bench.site.binaries, 'kubectl');
    await expectNothingRan(await bench.runner.call(toolCall({ grant: await grantFor(bench) })), 'cli_missing');
    expect(bench.ledger.claims).toEqual([]);
  });

  it('shows what it would do without a grant, by a command without effect', async () => {
    expect(await bench.runner.call(toolCall({ mode: 'dry_run' }))).toMatchObject({
      status: 'ok',
      output: { text: 'deployment.apps/web rolled back\n' },
    });
    expect((await bench.started())[0]).toContain('--dry-run=server');
  });

  it('says why it cannot show what it would do', async () => {
    const answer = await bench.runner.call(toolCall({ mode: 'dry_run', operation: 'kubernetes.rollout_restart', input: readCall.input }));
    await expectNothingRan(answer, 'bad_input');
    expect(answer).toMatchObject({ message: expect.stringContaining('kubectl rollout restart has no dry run') });
  });

  it('is rendered without being executed', async () => {
    const answer = await bench.runner.call(toolCall({ mode: 'render' }));
    const via = bench.runner.render('kubernetes.rollout_undo', toolCall({}).input, 'run');
    expect(answer).toMatchObject({ status: 'ok', output: via });
    expect(via).toMatchObject({ kind: 'cli', binary: 'kubectl' });
    expect(await bench.started()).toEqual([]);
  });
});

describe('a refused grant is reported', () => {
  const expired = 91_000;
  it.each<[string, () => Promise<string | undefined>, object]>([
    ['that is missing', async () => undefined, { jti: null, code: 'missing' }],
    ['of another key', async () => grantFor(bench, {}, await otherKey()), { jti: 'grant-1', code: 'bad_signature' }],
    ['of an unknown key', async () => grantFor(bench, {}, bench.privateKey, 'key-9'), { jti: 'grant-1', code: 'unknown_key' }],
    ['for another site', async () => grantFor(bench, { site: 'staging' }), { jti: 'grant-1', code: 'other_site' }],
    ['for another input', async () => grantFor(bench, { inputSha256: 'b'.repeat(64) }), { jti: 'grant-1', code: 'other_input' }],
    ['that is nonsense', async () => 'a.b.c', { jti: null, code: 'unknown_key' }],
  ])('one %s', async (_what, grant, told) => {
    const token = await grant();
    await bench.runner.call(toolCall(token === undefined ? {} : { grant: token }));
    const common = { runner: 'production', incidentId: 'incident-1', operation: 'kubernetes.rollout_undo', at: bench.now.toISOString() };
    expect(bench.refusals.told).toEqual([{ ...common, ...told }]);
    expect(bench.ledger.claims).toEqual([]);
  });

  it('one that the clock of the runner puts outside of its time, whichever way', async () => {
    const grant = await grantFor(bench);
    for (const away of [expired, -expired]) {
      bench.now = new Date(bench.now.getTime() + away);
      await bench.runner.call(toolCall({ grant }));
      bench.now = new Date(bench.now.getTime() - away);
    }
    expect(bench.refusals.told.map(({ code }) => code)).toEqual(['expired', 'not_yet_valid']);
  });

  it('and stays refused while nobody hears', async () => {
    bench.refusals.down = true;
    await expectNothingRan(await bench.runner.call(toolCall({ grant: await grantFor(bench, { site: 'staging' }) })), 'grant_invalid');
  });
});

describe('a call over HTTP', () => {
  it('is answered and observed like a command line', async () => {
    const server = createServer((_request, response) => response.end('{"status":"success","data":{"alerts":[]}}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Reflect.set(bench.site, 'prometheus', { url });
    const answer = await bench.runner.call(toolCall({ operation: 'prometheus.alerts', input: {} }));
    server.close();
    expect(answer).toMatchObject({ status: 'ok', output: { alerts: [], omitted: 0 } });
    expect(bench.observations[0]).toMatchObject({
      exitCode: null,
      via: { kind: 'http', method: 'GET', url: `${url}/api/v1/alerts`, bodySha256: null },
    });
  });

  it('is refused where nothing is configured', async () => {
    await expectNothingRan(await bench.runner.call(toolCall({ operation: 'prometheus.alerts', input: {} })), 'context_unknown');
  });
});

describe('a call', () => {
  it.each([
    ['of another version', { version: 2 }, 'bad_contract'],
    ['to another site', { site: 'staging' }, 'bad_contract'],
    ['of an operation that is not registered', { operation: 'kubernetes.exec' }, 'unknown_operation'],
    ['with a flag for a value', { input: { ...readCall.input, namespace: '--kubeconfig=/tmp/x' } }, 'bad_input'],
    ['after its deadline', { deadline: '2026-01-02T03:04:04.000Z' }, 'timeout'],
  ])('%s runs nothing', async (_what, change, code) => {
    await expectNothingRan(await bench.runner.call({ ...readCall, ...change } as typeof readCall), code);
  });

  it('runs nothing with credentials that would start a program', async () => {
    await writeFile(`${bench.folder}/read.yaml`, 'users: [{name: reader, user: {exec: {command: /bin/sh}}}]');
    expect(await bench.runner.call(readCall)).toMatchObject({ status: 'error', message: 'kubeconfig names a credential plugin' });
    expect(await bench.started()).toEqual([]);
  });

  it('answers typed output and keeps the observation under its content hash', async () => {
    const deployment = new Deployment();
    deployment.setImage('web:1');
    deployment.reconcile();
    await bench.kubectl(`cat <<'END'\n${deployment.list()}\nEND`);
    const answer = ToolAnswer.parse(await bench.runner.call(readCall));
    expect(answer).toMatchObject({ status: 'ok', output: { revision: 1, complete: true } });
    const observation = Observation.parse(bench.observations[0]);
    expect(answer.observation).toBe(contentHash(observation));
    expect(observation).toMatchObject({ status: 'ok', exitCode: 0, operation: 'kubernetes.rollout_state', errorCode: null });
    expect((await bench.started())[0]).toMatch(/read\.yaml off get /);
  });

  it.each([
    ['error: context "prod" does not exist', 'context_unknown'],
    ['Error from server (Forbidden): deployments.apps is forbidden: User "x" cannot list resource', 'forbidden'],
    ['Error from server (NotFound): deployments.apps "web" not found', 'not_found'],
    [
      'E0102 1 memcache.go:265] noise\nThe connection to the server localhost:8080 was refused - did you specify the right host or port?',
      'unreachable',
    ],
    ['error: something else', 'failed'],
  ])('names the failure %j', async (stderr, code) => {
    await bench.kubectl(`cat >&2 <<'END'\n${stderr}\nEND\nexit 1`);
    expect(await bench.runner.call(readCall)).toMatchObject({
      status: 'error',
      code,
      message: stderr.split('\n').at(-1),
      observation: expect.any(String),
    });
    expect(bench.observations[0]).toMatchObject({ status: 'error', errorCode: code, exitCode: 1, output: null });
  });

  it('names output that it cannot read', async () => {
    await bench.kubectl('echo nonsense');
    expect(await bench.runner.call(readCall)).toMatchObject({ status: 'error', code: 'output_malformed' });
  });

  it('lets no secret and no terminal sequence out', async () => {
    await bench.kubectl(`printf '\\033[31m${secret}\\033[0m\\rline\\n'; echo "${secret}" >&2`);
    const logs = toolCall({ operation: 'kubernetes.logs', input: { namespace: 'shop', pod: 'web-1' } });
    const answer = await bench.runner.call(logs);
    expect(answer).toMatchObject({ status: 'ok', output: { text: expect.stringMatching(/^\[redacted:[^\n]*\]\nline\n$/) } });
    expect(JSON.stringify([answer, bench.observations])).not.toContain(secret);
    expect(bench.observations[0]).toMatchObject({
      stdout: expect.stringContaining('[redacted:'),
      stderr: expect.stringContaining('[redacted:'),
      redactions: 3,
    });
  });

  it('keeps a secret whole when the output is cut', async () => {
    await bench.kubectl(`head -c 32760 /dev/zero | tr '\\0' a; printf %s "${secret}"; head -c 100000 /dev/zero | tr '\\0' b`);
    await bench.runner.call(toolCall({ operation: 'kubernetes.describe', input: { kind: 'pod', namespace: 'shop', name: 'web-1' } }));
    const [observation] = bench.observations;
    expect(observation?.truncated).toBe(true);
    expect(observation?.stdout).not.toContain('made-up');
    expect(observation?.stdout).toMatch(/output cut here: it has 132779 characters$/);
  });

  it('of a log that is longer than what is read says so', async () => {
    await bench.kubectl(`yes 'all is well' | head -c 40000000`);
    const answer = await bench.runner.call(toolCall({ operation: 'kubernetes.logs', input: { namespace: 'shop', pod: 'web-1' } }));
    expect(answer).toMatchObject({ status: 'ok' });
    expect(bench.observations[0]).toMatchObject({ truncated: true, stdout: expect.stringMatching(/^… output cut here/) });
  });

  it('takes a list that breaks off for no list at all', async () => {
    const pod = { kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', uid: 'u' }, spec: { containers: [] } };
    const list = JSON.stringify({ kind: 'List', items: Array(20_000).fill(pod) });
    await writeFile(`${bench.folder}/pods.json`, list.slice(0, -100));
    await bench.kubectl(`cat ${bench.folder}/pods.json`);
    const calls = [
      toolCall({ operation: 'kubernetes.workloads', input: { namespace: 'shop' } }),
      toolCall({ operation: 'kubernetes.get', input: { kind: 'pod', namespace: 'shop' } }),
    ];
    for (const call of calls) expect(await bench.runner.call(call)).toMatchObject({ status: 'error', code: 'output_malformed' });
    await writeFile(`${bench.folder}/pods.json`, list);
    for (const call of calls) expect(await bench.runner.call(call)).toMatchObject({ status: 'ok' });
  });

  it('lets no credential out that was renewed while the runner runs, whether its program was given it or reads it', async () => {
    await writeFile(`${bench.folder}/read.yaml`, 'users: [{name: reader, user: {token: renewed-kubeconfig-0002}}]');
    await bench.kubectl('echo renewed-kubeconfig-0002');
    const logs = toolCall({ operation: 'kubernetes.logs', input: { namespace: 'shop', pod: 'web-1' } });
    expect(await bench.runner.call(logs)).toMatchObject({ status: 'ok', output: { text: expect.stringContaining('[redacted:') } });
    const token = `${bench.folder}/argocd-token`;
    const argocd = `${bench.folder}/argocd`;
    Reflect.set(bench.site, 'argocd', { server: 'argocd.example:443', transport: 'tls', token: { read: token, write: token } });
    Reflect.set(bench.site.binaries, 'argocd', argocd);
    await writeFile(argocd, '#!/bin/sh\necho "$ARGOCD_AUTH_TOKEN"\n', { mode: 0o755 });
    for (const value of ['renewed-token-0003', 'renewed-token-0004']) {
      await writeFile(token, value);
      const answer = await bench.runner.call(toolCall({ operation: 'argocd.app_diff', input: { application: 'web' } }));
      expect(answer).toMatchObject({ status: 'ok', output: { text: expect.stringContaining('[redacted:') } });
    }
    expect(JSON.stringify(bench.observations)).not.toContain('renewed-');
  });

  it('ends with its deadline', async () => {
    await bench.kubectl('sleep 60');
    const deadline = new Date(bench.now.getTime() + 300).toISOString();
    expect(await bench.runner.call({ ...readCall, deadline })).toMatchObject({ status: 'error', code: 'timeout' });
  });

  it('ends when the caller cancels', async () => {
    await bench.kubectl('sleep 60');
    const controller = new AbortController();
    const answer = bench.runner.call(readCall, controller.signal);
    await expect.poll(() => bench.started()).toHaveLength(1);
    controller.abort();
    expect(await answer).toMatchObject({ status: 'error', code: 'cancelled' });
  });
});
