import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantsOf } from '../../tools/boundary/grants.ts';
import { systems } from '../../tools/systems.ts';
import { perform, performAndUndo } from '../real/perform.ts';
import { createTestSite, type SiteOptions, type TestSite } from '../real/site.ts';

/** The adapter of Boundary against a stand-in that takes what the reference of version 0.19 names, and nothing else. */
const secret = 'made-up-credential-0007';
const scope = { id: 'p_1234567890', type: 'project' };
const at = '2026-01-02T03:04:05Z';
const session = {
  ...{ id: 's_1234567890', version: 1, scope, target_id: 'ttcp_1234567890', user_id: 'u_1234567890', type: 'tcp', status: 'active' },
  ...{
    endpoint: 'tcp://10.0.0.1:5432',
    created_time: at,
    expiration_time: at,
    certificate: secret,
    authorized_actions: ['read', 'cancel'],
  },
};
const kinds = {
  scopes: [{ id: 'p_1234567890', version: 1, type: 'project', name: 'shop', scope_id: 'o_1234567890' }],
  targets: [
    {
      ...{
        id: 'ttcp_1234567890',
        version: 1,
        type: 'tcp',
        name: 'orders',
        scope,
        session_max_seconds: 28800,
        session_connection_limit: -1,
      },
      ...{ attributes: { default_port: 5432 }, authorized_actions: ['read', 'authorize-session'] },
    },
  ],
  'host-catalogs': [{ id: 'hcst_1234567890', version: 1, type: 'static', name: 'shop', scope }],
  hosts: [{ id: 'hst_1234567890', version: 1, type: 'static', name: 'db-1', attributes: { address: '10.0.0.1' } }],
  sessions: [session, { ...session, id: 's_2234567890', status: 'terminated' }],
  workers: [
    {
      id: 'w_1234567890',
      version: 1,
      type: 'pki',
      name: 'eu-1',
      address: '10.0.0.9:9202',
      last_status_time: at,
      release_version: '0.19.0',
    },
  ],
  roles: [
    {
      id: 'r_1234567890',
      version: 1,
      name: 'emergency',
      created_time: at,
      grant_strings: ['ids=ttcp_1234567890;actions=authorize-session'],
    },
    { id: 'r_9999999999', version: 1, name: 'admin', created_time: at, grant_strings: ['ids=*;type=*;actions=*'] },
  ],
};

/** `cancel,read session` → `cancel sessions`, `read sessions`: what a token with those grants may do. */
function actionsOf(account: 'read' | 'write'): string[] {
  const operations = systems.find(({ name }) => name === 'boundary')?.operations.filter(({ kind }) => kind === account) ?? [];
  return grantsOf(operations.flatMap(({ permissions }) => permissions))
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, type = '', actions = ''] = /type=([a-z-]+);actions=(.*)$/.exec(line) ?? [];
      return actions.split(',').map((action) => `${action} ${type}s`);
    });
}

let directory: string;
let options: SiteOptions;
let here: TestSite;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wk-boundary-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const state = file(
    'state.json',
    JSON.stringify({ tokens: { 'at_read-made-up': actionsOf('read'), 'at_write-made-up': actionsOf('write') }, kinds }),
  );
  const standIn = join(import.meta.dirname, 'boundary-stand-in.ts');
  const program = file('boundary', `#!/bin/sh\nexec '${process.execPath}' '${standIn}' '${state}' "$@"\n`);
  chmodSync(program, 0o755);
  const token = { read: file('read', 'at_read-made-up\n'), write: file('write', 'at_write-made-up') };
  options = { boundary: { address: 'http://127.0.0.1:1', token, breakGlass: ['r_1234567890'] }, binaries: { boundary: program } };
  here = await createTestSite(options);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const project = { scope: 'p_1234567890' };

test('what is there is read with the grants of the guide; of a session nothing that opens it is kept', async () => {
  expect(await here.output('boundary.scope_list', {})).toMatchObject({
    scopes: [{ id: 'p_1234567890', parent: 'o_1234567890' }],
    omitted: 0,
  });
  expect(await here.output('boundary.target_list', project)).toMatchObject({
    targets: [{ name: 'orders', port: 5432, connectionLimit: -1 }],
  });
  expect(await here.output('boundary.target_read', { target: 'ttcp_1234567890' })).toMatchObject({ sessionMaxSeconds: 28800 });
  expect(await here.output('boundary.catalog_list', project)).toMatchObject({ catalogs: [{ id: 'hcst_1234567890' }] });
  expect(await here.output('boundary.host_list', { catalog: 'hcst_1234567890' })).toMatchObject({ hosts: [{ addresses: ['10.0.0.1'] }] });
  expect(await here.output('boundary.worker_list', {})).toMatchObject({ workers: [{ name: 'eu-1', version: '0.19.0', lastSeen: at }] });
  const answer = await here.read('boundary.session_list', project);
  expect(here.observationOf(answer).output).toMatchObject({ sessions: [{ status: 'active', over: false }, { over: true }] });
  const one = await here.read('boundary.session_state', { session: 's_1234567890' });
  expect(JSON.stringify([here.observationOf(answer), here.observationOf(one)])).not.toContain(secret);
});

test('a session is ended once', async () => {
  const { undo } = await perform(here, 'boundary.session_cancel', { session: 's_1234567890' });
  expect(undo).toBeNull();
  expect(await here.output('boundary.session_state', { session: 's_1234567890' })).toMatchObject({ status: 'canceling', over: true });
});

test('a named person is given a role for emergencies, which its rollback takes back; another role is not given', async () => {
  await performAndUndo(here, 'boundary.break_glass', { role: 'r_1234567890', user: 'u_1234567890' });
  expect(await here.output('boundary.role_member', { role: 'r_1234567890', user: 'u_1234567890' })).toMatchObject({
    held: false,
    members: 0,
  });
  const other = { role: 'r_9999999999', user: 'u_1234567890' };
  expect(await here.write('boundary.break_glass', other)).toMatchObject({
    code: 'context_unknown',
    message: expect.stringContaining('breakGlass'),
  });
  expect(readFileSync(join(directory, 'state.json'), 'utf8')).not.toContain('u_1234567890"]');
});

test('failures are named, and the rights of both accounts are told', async () => {
  expect(await here.read('boundary.session_state', { session: 's_0000000000' })).toMatchObject({ code: 'not_found' });
  const { boundary } = options;
  if (boundary === undefined) throw new Error('no settings');
  const stranger = join(directory, 'stranger');
  writeFileSync(stranger, 'at_stranger-made-up');
  const forbidden = await createTestSite({ ...options, boundary: { ...boundary, token: { read: stranger, write: stranger } } });
  expect(await forbidden.read('boundary.target_list', {})).toMatchObject({ code: 'forbidden' });
  const [read, write] = await here.rights();
  expect(read).toMatchObject({
    account: 'read',
    rights: expect.arrayContaining(['authorize-session, read targets', 'cancel, read sessions']),
  });
  expect(write).toMatchObject({ account: 'write', problem: { code: 'forbidden' } });
});

test('without the program the API is asked as its description has it, and answers alike', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.end(JSON.stringify(request.url?.includes('?') ? { items: kinds.targets, response_type: 'complete' } : kinds.targets[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { boundary } = options;
  if (boundary === undefined) throw new Error('no settings');
  const site = await createTestSite({ boundary: { ...boundary, address }, binaries: {} });
  expect(await site.output('boundary.target_list', project)).toEqual(await here.output('boundary.target_list', project));
  const target = { target: 'ttcp_1234567890' };
  expect(await site.output('boundary.target_read', target)).toEqual(await here.output('boundary.target_read', target));
  expect(asked).toEqual([
    'GET /v1/targets?scope_id=p_1234567890&recursive=true Bearer at_read-made-up',
    'GET /v1/targets/ttcp_1234567890 Bearer at_read-made-up',
  ]);
  expect(await site.write('boundary.session_cancel', { session: 's_2234567890' })).toMatchObject({ code: 'cli_missing' });
  server.close();
});
