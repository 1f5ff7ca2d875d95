import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { selfSigned } from '../../tools/testing/certificates.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { freePort } from './processes.ts';
import { createTestSite } from './site.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watchkeeper-unreachable-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it('says that the API server is away', async () => {
  const path = join(directory, 'kubeconfig');
  const { certificate } = await selfSigned(directory, 'nobody');
  const server = `https://127.0.0.1:${await freePort()}`;
  await writeKubeconfig(path, { context: 'away', server, authority: certificate, token: 'made-up' });
  const site = await createTestSite({ kubernetes: { context: 'away', kubeconfig: { read: path, write: path } } });
  const input = { kind: 'deployment', namespace: 'shop', name: 'web' };
  expect(await site.read('kubernetes.rollout_status', input)).toMatchObject({ status: 'error', code: 'unreachable' });
});
