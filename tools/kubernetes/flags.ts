import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'kubectl',
  allowed: [
    ...['namespace', 'all-namespaces', 'context', 'request-timeout', 'output', 'selector', 'field-selector', 'dry-run'],
    ...['no-headers', 'container', 'all-containers', 'prefix', 'tail', 'since', 'previous', 'timestamps', 'limit-bytes'],
    ...['containers', 'watch', 'to-revision', 'revision', 'replicas', 'current-replicas', 'requests', 'limits'],
    ...['overwrite', 'wait', 'cascade', 'ignore-daemonsets', 'delete-emptydir-data', 'force', 'timeout', 'sort-by'],
    ...['server-side', 'field-manager', 'filename', 'list'],
  ],
  refused: [
    ...['kubeconfig', 'kuberc', 'as', 'as-group', 'as-uid', 'token', 'server', 'insecure-skip-tls-verify', 'raw'],
    ...['template', 'certificate-authority', 'client-certificate', 'client-key', 'cluster', 'user', 'username'],
    ...['password', 'cache-dir', 'kustomize', 'tls-server-name', 'proxy-url', 'profile', 'v'],
  ],
};
