import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../bot/store/testing.ts';
import { createRegistry } from '../../tools/registry.ts';
import { remedyFor } from '../../tools/remedies.ts';
import { perform } from './perform.ts';
import { createTestSite, type TestSite } from './site.ts';
import { startVault, type Vault } from './vault.ts';
import { type CredentialsBench, startCredentials } from './vault-credentials.ts';

/** Made up: what no answer may hold. */
const canary = 'made-up-value-of-a-secret-0042';

let vault: Vault;
let db: TestDatabase;
let here: TestSite;
beforeAll(async () => {
  [vault, db] = await Promise.all([startVault(), createTestDatabase()]);
  const { address, caCert, tokens: token, program } = vault;
  here = await createTestSite({ vault: { address, caCert, token }, binaries: { vault: program } });
  const { root } = vault;
  await root('secrets', 'enable', '-path=secret', '-version=2', 'kv');
  await root('kv', 'put', '-mount=secret', 'team-a/db', `password=${canary}`);
  await root('kv', 'put', '-mount=secret', 'team-a/db', `password=${canary}-2`);
  await root('secrets', 'enable', '-path=kv1', '-version=1', 'kv');
  for (const path of ['metadata/team-a/db', 'cert/ca', 'keys/orders', 'static-roles/app', 'certs'])
    await root('write', `kv1/${path}`, `password=${canary}`);
  await root('secrets', 'enable', 'pki');
  await root('write', 'pki/root/generate/internal', 'common_name=shop.example', 'ttl=72h');
  await root('secrets', 'enable', 'transit');
  await root('write', '-force', 'transit/keys/orders');
});
afterAll(async () => {
  await Promise.all([vault?.stop(), db?.close()]);
});

const failure = async (operation: string, input: Record<string, unknown>, site = here) => {
  const answer = await site.read(operation, input);
  return answer.status === 'error' ? answer.code : JSON.stringify(answer);
};

describe('what can be read, with the rights of the guide', () => {
  it('is the state of the server, its nodes and keys', async () => {
    expect(await here.output('vault.status', {})).toMatchObject({
      initialized: true,
      sealed: false,
      storage: 'raft',
      leader: vault.address,
    });
    expect(await here.output('vault.raft_peers', {})).toMatchObject({ peers: [{ node: 'node-1', leader: true, voter: true }] });
    expect(await here.output('vault.key_status', {})).toMatchObject({ term: 1 });
    expect(await here.output('vault.auth_list', {})).toMatchObject({ mounts: [{ path: 'token/', type: 'token' }] });
    const { mounts } = await here.output<{ mounts: { path: string }[] }>('vault.secrets_list', {});
    expect(mounts).toEqual(expect.arrayContaining([expect.objectContaining({ path: 'secret/', type: 'kv', version: '2' })]));
    expect(await here.output('vault.audit_list', {})).toEqual({ devices: [] });
    const { policies } = await here.output<{ policies: string[] }>('vault.policy_list', {});
    expect(policies).toEqual(expect.arrayContaining(['watchkeeper-read', 'watchkeeper-write']));
    expect(await here.output('vault.policy_read', { policy: 'watchkeeper-write' })).toMatchObject({
      text: expect.stringContaining('path "sys/leases/revoke"'),
    });
  });

  it('is until when certificates hold', async () => {
    const { serials } = await here.output<{ serials: string[] }>('vault.pki_list', { mount: 'pki' });
    const authority = await here.output('vault.pki_certificate', { mount: 'pki' });
    expect(authority).toMatchObject({ subject: 'CN=shop.example', daysLeft: 2, revoked: false });
    expect(await here.output('vault.pki_certificate', { mount: 'pki', serial: serials[0] ?? '' })).toEqual(authority);
  });

  it('is that an entry was written, never its value, whichever operation is asked with whichever mount', async () => {
    expect(await here.output('vault.kv_list', { mount: 'secret', path: 'team-a' })).toEqual({ keys: ['db'], omitted: 0 });
    expect(await here.output('vault.kv_metadata', { mount: 'secret', path: 'team-a/db' })).toMatchObject({ currentVersion: 2 });
    const answers = await Promise.all(
      ['kv1', 'secret', 'secret/data', 'kv1/metadata'].flatMap((mount) => [
        here.read('vault.kv_metadata', { mount, path: 'team-a/db' }),
        here.read('vault.kv_metadata', { mount, path: 'metadata/team-a/db' }),
        here.read('vault.kv_list', { mount, path: 'team-a' }),
        here.read('vault.pki_list', { mount }),
        here.read('vault.pki_certificate', { mount }),
        here.read('vault.transit_key', { mount, name: 'orders' }),
        here.read('vault.database_role', { mount, name: 'app' }),
      ]),
    );
    expect(answers.filter(({ status }) => status === 'ok').length).toBeGreaterThan(2);
    const seen = answers.map((answer) => [answer, answer.observation === null ? null : here.observationOf(answer)]);
    expect(JSON.stringify(seen)).not.toContain(canary);
  });

  it('is nothing of an engine of another type, and a failure is named', async () => {
    expect(await failure('vault.transit_key', { mount: 'kv1', name: 'orders' })).toBe('not_found');
    expect(await failure('vault.kv_metadata', { mount: 'kv1', path: 'team-a/db' })).toBe('not_found');
    expect(await failure('vault.kv_metadata', { mount: 'secret', path: 'nothing' })).toBe('not_found');
    const { address, caCert, tokens, program } = vault;
    const at = { address, caCert, token: tokens };
    const other = (more: object) => createTestSite({ vault: { ...at, ...more }, binaries: { vault: program } });
    expect(await failure('vault.auth_list', {}, await other({ token: { read: `${tokens.read}-absent`, write: tokens.write } }))).toBe(
      'context_unknown',
    );
    expect(await failure('vault.status', {}, await other({ address: 'https://127.0.0.1:1' }))).toBe('unreachable');
    const { auth } = await vault.ask<{ auth: { client_token: string } }>('token', 'create', '-format=json', '-policy=default');
    await writeFile(`${tokens.read}-default`, auth.client_token);
    expect(await failure('vault.auth_list', {}, await other({ token: { read: `${tokens.read}-default`, write: tokens.write } }))).toBe(
      'forbidden',
    );
  });
});

describe('rights', () => {
  it('of both accounts are told by the server: those of the guide, and no token', async () => {
    const rights = await here.rights();
    expect(rights.map(({ account, problem }) => [account, problem])).toEqual([
      ['read', null],
      ['write', null],
    ]);
    expect(rights[0]?.rights).toEqual(
      expect.arrayContaining(['policy watchkeeper-read', 'read, sudo sys/audit', 'update sys/leases/lookup']),
    );
    expect(rights[1]?.rights).toEqual(
      expect.arrayContaining(['policy watchkeeper-write', 'update sys/leases/revoke', 'sudo, update sys/rotate']),
    );
    expect(rights[1]?.rights.join()).not.toContain('sys/mounts');
    expect(JSON.stringify(rights)).not.toContain((await readFile(vault.tokens.read, 'utf8')).trim());
  });
});

describe('writes, with the rights of the guide, carried out as a workflow does it', () => {
  it('of leases: one is renewed, then ended, and its account is gone from the database', async () => {
    const url = new URL(db.superuserUrl);
    const connection = `postgresql://{{username}}:{{password}}@${url.host}${url.pathname}?sslmode=disable`;
    await vault.root('secrets', 'enable', 'database');
    await vault.root(
      ...['write', 'database/config/shop', 'plugin_name=postgresql-database-plugin', 'allowed_roles=*', `connection_url=${connection}`],
      ...[`username=${decodeURIComponent(url.username)}`, `password=${decodeURIComponent(url.password)}`],
    );
    const create = `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`;
    await vault.root(
      ...['write', 'database/roles/readonly', 'db_name=shop', `creation_statements=${create}`, 'default_ttl=10m', 'max_ttl=2h'],
    );
    const { lease_id: lease, data } = await vault.ask<{ lease_id: string; data: { username: string } }>(
      ...['read', '-format=json', 'database/creds/readonly'],
    );
    const { leases } = await here.output<{ leases: string[] }>('vault.lease_list', { prefix: 'database/creds/readonly' });
    expect(leases).toEqual([lease.split('/').at(-1)]);
    await perform(here, 'vault.lease_renew', { lease, seconds: 3600 });
    expect(await here.output('vault.lease_state', { lease })).toMatchObject({ exists: true, renewable: true });
    const accounts = () => vault.root('read', '-format=json', 'database/creds/readonly').then(() => data.username);
    expect(await accounts()).toBe(data.username);
    await perform(here, 'vault.lease_revoke', { lease });
    expect(await here.output('vault.lease_state', { lease })).toMatchObject({ exists: false });
    await perform(here, 'vault.lease_revoke', { lease }).then(
      () => expect.unreachable('it is gone'),
      (error: Error) => expect(`${error.message} ${String(error.cause)}`).toContain('exists is false'),
    );
  });

  it('of passwords: a database account has a new one', async () => {
    const rotation = `ALTER USER "{{name}}" WITH PASSWORD '{{password}}';`;
    await asSuperuser(`CREATE ROLE vault_static LOGIN PASSWORD 'made-up-before'`);
    await vault.root(
      ...['write', 'database/static-roles/app', 'db_name=shop', 'username=vault_static', 'rotation_period=24h'],
      `rotation_statements=${rotation}`,
    );
    const { before } = await perform<{ lastRotation: string }>(here, 'vault.database_rotate', { mount: 'database', name: 'app' });
    expect(await here.output('vault.database_role', { mount: 'database', name: 'app' })).toMatchObject({ username: 'vault_static' });
    expect(before.lastRotation).toMatch(/^20/);
    await asSuperuser('DROP ROLE vault_static');
  });

  it('of tokens: one is ended by its accessor', async () => {
    const { auth } = await vault.ask<{ auth: { client_token: string; accessor: string } }>(
      ...['token', 'create', '-format=json', '-policy=default', '-ttl=1h', '-display-name=ci'],
    );
    const { accessor } = auth;
    expect(await here.output('vault.token_state', { accessor })).toMatchObject({ exists: true, displayName: 'token-ci', orphan: false });
    await perform(here, 'vault.token_revoke', { accessor });
    expect(await here.output('vault.token_state', { accessor })).toMatchObject({ exists: false });
    await expect(vault.root('token', 'lookup', auth.client_token)).rejects.toThrow();
  });

  it('of keys: the keyring and a key that encrypts for others have a new version', async () => {
    expect(await perform(here, 'vault.key_rotate', {})).toMatchObject({ before: { term: 1 }, undo: null });
    await perform(here, 'vault.transit_rotate', { mount: 'transit', name: 'orders' });
    expect(await here.output('vault.transit_key', { mount: 'transit', name: 'orders' })).toMatchObject({ latestVersion: 2 });
  });
});

it('without the program, what lies below /v1/sys is asked over HTTP and answered alike; nothing else is', async () => {
  const { address, caCert, tokens: token } = vault;
  const site = await createTestSite({ vault: { address, caCert, token }, binaries: {} });
  const { leader: _leader, raftBehind: _behind, ...same } = await here.output<Record<string, unknown>>('vault.status', {});
  expect(await site.output('vault.status', {})).toMatchObject(same);
  for (const operation of ['vault.auth_list', 'vault.secrets_list', 'vault.policy_list', 'vault.key_status', 'vault.raft_peers'])
    expect(await site.output(operation, {}), operation).toEqual(await here.output(operation, {}));
  expect(await site.output('vault.policy_read', { policy: 'watchkeeper-read' })).toMatchObject({
    text: expect.stringContaining('sys/auth'),
  });
  const names = createRegistry()
    .list()
    .map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('vault.'))).toHaveLength(23);
  expect(await failure('vault.kv_metadata', { mount: 'secret', path: 'team-a/db' }, site)).toBe('cli_missing');
});

describe('credentials of other systems, for a runner that has a workload identity', () => {
  let bench: CredentialsBench;
  let site: TestSite;
  const tokens = ['made-up-token-of-reads-1', 'made-up-token-of-reads-2'];
  const put = (read: string | undefined) =>
    vault.root('kv', 'put', '-mount=secret', 'watchkeeper/shop', `read=${read}`, 'write=made-up-write');
  beforeAll(async () => {
    bench = await startCredentials(vault);
    await put(tokens[0]);
    site = await bench.site();
  });
  afterAll(() => bench?.close());

  const asked = async (own = site) => {
    const answer = await own.read('tempo.tags', { scope: 'resource' });
    const observed = answer.observation === null ? null : own.observationOf(answer);
    return JSON.stringify([answer, observed]);
  };

  it('are looked up, used, and never shown, whatever a system or a program says', async () => {
    expect(await asked()).toMatch(/^\[\{"status":"error".*"forbidden".*tempo answered 403.*no rights for Bearer \[/);
    expect(bench.authorization()).toBe(`Bearer ${tokens[0]}`);
    expect(await asked()).not.toContain('made-up');
    const answer = await site.read('argocd.app_list', {});
    const observed = site.observationOf(answer);
    expect(observed.stderr).toMatch(/^server argocd\.example:443 refused \[/);
    expect(JSON.stringify([answer, observed])).not.toContain('made-up');
  });

  it('are looked up again within a minute, and those before are still known', async () => {
    await put(tokens[1]);
    await asked();
    expect(bench.authorization()).toBe(`Bearer ${tokens[0]}`);
    bench.later(60);
    expect(await asked()).not.toContain('made-up');
    expect(bench.authorization()).toBe(`Bearer ${tokens[1]}`);
  });

  it('are got by a new login where the one before was ended, once', async () => {
    await vault.root('lease', 'revoke', '-force', '-prefix', 'auth/jwt/login');
    bench.later(60);
    await asked();
    expect(bench.authorization()).toBe(`Bearer ${tokens[1]}`);
  });

  it.each([
    [
      'of another role',
      { role: 'nobody' },
      'forbidden',
      /Vault does not let the runner in as nobody of auth\/jwt \(.*role.*correct credentials\.vault/,
    ],
    ['of somebody else', { sub: 'system:serviceaccount:default:default' }, 'forbidden', /does not let the runner in .*sub/],
    ['beside the policy', { path: 'team-a/db' }, 'forbidden', /path "secret\/data\/team-a\/db" { capabilities = \["read"\] }/],
    ['that nobody wrote', { path: 'watchkeeper/absent' }, 'context_unknown', /Vault has no entry secret\/data\/watchkeeper\/absent/],
    [
      'where nobody answers',
      { address: 'https://127.0.0.1:1' },
      'unreachable',
      /^tempo\.token\.read of the site: Vault at https:\/\/127\.0\.0\.1:1 does not answer/,
    ],
  ])('%s are not got, and why is said', async (_, options, code, words) => {
    const answer = await (await bench.site(options)).read('tempo.tags', { scope: 'resource' });
    expect(answer).toMatchObject({ status: 'error', code, message: expect.stringMatching(words) });
  });

  it('are none any more when their newest version is deleted, or when the runner has stopped', async () => {
    await vault.root('kv', 'delete', '-mount=secret', 'watchkeeper/shop');
    bench.later(60);
    expect(await asked()).toContain('or its newest version was deleted');
    const accessors = async () => (await vault.ask<string[]>('list', '-format=json', 'auth/token/accessors')).length;
    const before = await accessors();
    await site.stop();
    expect(await accessors()).toBe(before - 1);
  });

  it('wait for a Vault that is sealed', async () => {
    const other = await bench.site();
    await vault.root('operator', 'seal');
    expect(await asked(other)).toMatch(
      /"code":"unreachable","message":"tempo\.token\.read of the site: Vault at .* it is sealed: unseal it"/,
    );
  });
});

it('says that it is sealed, so that what to do can be said', async () => {
  // It may be already.
  await vault.root('operator', 'seal').catch(() => '');
  const [read] = await here.rights();
  expect(read?.problem).toEqual({ code: 'unreachable', message: '* Vault is sealed' });
  expect(read && remedyFor(read)).toMatch(/^unseal it/);
});

async function asSuperuser(statement: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: db.superuserUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
