import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'helm',
  allowed: [
    ...['namespace', 'all-namespaces', 'kube-context', 'output', 'max', 'all', 'revision', 'wait', 'timeout'],
    ...['history-max', 'hide-notes', 'keep-history', 'repo', 'version', 'values', 'reset-values'],
    ...['reset-then-reuse-values', 'description', 'dry-run', 'hide-secret'],
  ],
  refused: [
    ...['kubeconfig', 'kube-token', 'kube-as-user', 'kube-as-group', 'kube-apiserver', 'kube-ca-file'],
    ...['kube-insecure-skip-tls-verify', 'kube-tls-server-name', 'post-renderer', 'post-renderer-args', 'set'],
    ...['set-file', 'set-json', 'set-string', 'f', 'ca-file', 'cert-file', 'key-file', 'keyring'],
    ...['insecure-skip-tls-verify', 'pass-credentials', 'username', 'password', 'plain-http', 'untar', 'untardir'],
    ...['debug', 'registry-config', 'repository-cache', 'repository-config', 'enable-dns', 'take-ownership'],
    ...['dependency-update', 'install', 'logs'],
  ],
};
