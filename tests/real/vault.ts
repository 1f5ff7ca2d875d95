import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinaries } from '../../tools/binaries.ts';
import { roleOf } from '../../tools/roles.ts';
import { selfSigned } from '../../tools/testing/certificates.ts';
import { freePort, requirePrograms, startPeer, until } from './processes.ts';

/** A real OpenBao, whose command line and API are Vault's, with TLS and integrated storage; its two accounts have the policies of the guides. */
export interface Vault {
  readonly address: string;
  readonly caCert: string;
  readonly tokens: { readonly read: string; readonly write: string };
  /** Absolute path of the program. */
  readonly program: string;
  /** Runs the program as root of the server; resolves to what it printed. */
  root(...argv: string[]): Promise<string>;
  /** As `root`, JSON. */
  ask<T>(...argv: string[]): Promise<T>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

export async function startVault(): Promise<Vault> {
  await requirePrograms(['bao', 'openssl']);
  const program = (await findBinaries(['bao'], process.env['PATH'] ?? ''))['bao'] ?? '';
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-vault-'));
  const { certificate: caCert, key } = await selfSigned(directory, 'vault');
  const [port, cluster] = [await freePort(), await freePort()];
  const address = `https://127.0.0.1:${port}`;
  await mkdir(join(directory, 'data'));
  await writeFile(
    join(directory, 'server.hcl'),
    `storage "raft" {
  path = "${join(directory, 'data')}"
  node_id = "node-1"
}
listener "tcp" {
  address = "127.0.0.1:${port}"
  cluster_address = "127.0.0.1:${cluster}"
  tls_cert_file = "${caCert}"
  tls_key_file = "${key}"
}
api_addr = "${address}"
cluster_addr = "https://127.0.0.1:${cluster}"
disable_mlock = true
`,
  );
  const peer = startPeer('bao', ['server', `-config=${join(directory, 'server.hcl')}`], join(directory, 'log'));
  const env = { VAULT_ADDR: address, VAULT_CACERT: caCert, HOME: directory, VAULT_TOKEN: '' };
  const root = async (...argv: string[]) => (await run(program, argv, { env })).stdout;
  const ask = async <T>(...argv: string[]) => JSON.parse(await root(...argv)) as T;
  const stop = async (): Promise<void> => {
    await peer.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const init = ['operator', 'init', '-key-shares=1', '-key-threshold=1', '-format=json'];
    const made = await until('Vault', 30_000, () => ask<{ unseal_keys_b64: string[]; root_token: string }>(...init));
    await root('operator', 'unseal', made.unseal_keys_b64[0] ?? '');
    env.VAULT_TOKEN = made.root_token;
    await until('the leader', 30_000, () => root('token', 'lookup'));
    const tokens = { read: join(directory, 'read-token'), write: join(directory, 'write-token') };
    for (const account of ['read', 'write'] as const) {
      const file = join(directory, `${account}.hcl`);
      // Beside the guide, what nobody should give: that no value is read must not depend on the policy.
      const careless =
        account === 'read'
          ? '\npath "kv1/*" {\n  capabilities = ["read", "list"]\n}\npath "secret/*" {\n  capabilities = ["read", "list"]\n}\n'
          : '';
      await writeFile(file, `${roleOf('vault', account)}${careless}`);
      await root('policy', 'write', `watchkeeper-${account}`, file);
      const { auth } = await ask<{ auth: { client_token: string } }>('token', 'create', '-format=json', `-policy=watchkeeper-${account}`);
      await writeFile(tokens[account], `${auth.client_token}\n`);
    }
    return { address, caCert, tokens, program, root, ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
