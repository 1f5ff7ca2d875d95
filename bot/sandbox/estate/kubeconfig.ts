import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { namespace } from './model/state.ts';

export const contextName = 'sandbox';

/** Writes the two kubeconfigs: one context each, a token, no credential plugin. Returns their absolute paths. */
export function writeKubeconfigs(dir: string, tokens: { read: string; write: string }): { read: string; write: string } {
  return { read: writeOne(dir, 'read', tokens.read), write: writeOne(dir, 'write', tokens.write) };
}

function writeOne(dir: string, role: 'read' | 'write', token: string): string {
  const path = join(dir, `kubeconfig-${role}.yaml`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contextName,
    clusters: [{ name: 'simulation', cluster: { server: 'https://kubernetes.simulation.invalid:6443' } }],
    contexts: [{ name: contextName, context: { cluster: 'simulation', user: role, namespace } }],
    users: [{ name: role, user: { token } }],
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}
