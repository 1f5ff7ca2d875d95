import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';

export interface KubeconfigTarget {
  readonly context: string;
  readonly server: string;
  /** Path of a PEM file. */
  readonly authority: string;
  readonly token: string;
}

/** A kubeconfig with one context and a bearer token: no exec plugin, no auth provider. */
export async function writeKubeconfig(path: string, target: KubeconfigTarget): Promise<void> {
  const name = target.context;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: target.server, 'certificate-authority': target.authority } }],
    users: [{ name, user: { token: target.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}
