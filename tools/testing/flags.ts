/** Per program: the flags that our command lines may hold. A flag that is in none of them is a finding of the conformance test. */
export const allowedFlags: Readonly<Record<string, readonly string[]>> = {
  kubectl: [
    ...['namespace', 'all-namespaces', 'context', 'request-timeout', 'output', 'selector', 'field-selector', 'dry-run', 'no-headers'],
    ...['container', 'all-containers', 'prefix', 'tail', 'since', 'previous', 'timestamps', 'limit-bytes', 'containers'],
    ...['watch', 'to-revision', 'revision', 'replicas', 'current-replicas', 'requests', 'limits', 'overwrite', 'wait', 'cascade'],
    ...['ignore-daemonsets', 'delete-emptydir-data', 'force', 'timeout', 'sort-by', 'server-side', 'field-manager', 'filename'],
  ],
  helm: [
    ...['namespace', 'all-namespaces', 'kube-context', 'output', 'max', 'all', 'revision', 'wait', 'timeout', 'history-max', 'hide-notes'],
    ...['keep-history', 'repo', 'version', 'values', 'reset-values', 'reset-then-reuse-values', 'description', 'dry-run', 'hide-secret'],
  ],
  argocd: [
    ...['output', 'project', 'revision', 'exit-code', 'source', 'tail', 'since-seconds', 'container', 'previous', 'filter', 'timeout'],
    ...['refresh', 'hard-refresh', 'prune', 'sync-policy', 'auto-prune', 'self-heal', 'cascade', 'yes'],
  ],
  promtool: ['format', 'time', 'start', 'end', 'step', 'match'],
};

/** Per program: what must never be reachable, whatever the input. */
export const refusedFlags: Readonly<Record<string, readonly string[]>> = {
  kubectl: [
    ...['kubeconfig', 'kuberc', 'as', 'as-group', 'as-uid', 'token', 'server', 'insecure-skip-tls-verify', 'raw', 'template'],
    ...['certificate-authority', 'client-certificate', 'client-key', 'cluster', 'user', 'username', 'password', 'cache-dir', 'kustomize'],
    ...['tls-server-name', 'proxy-url', 'profile', 'v'],
  ],
  helm: [
    ...['kubeconfig', 'kube-token', 'kube-as-user', 'kube-as-group', 'kube-apiserver', 'kube-ca-file', 'kube-insecure-skip-tls-verify'],
    ...[
      'kube-tls-server-name',
      'post-renderer',
      'post-renderer-args',
      'set',
      'set-file',
      'set-json',
      'set-string',
      'f',
      'ca-file',
      'cert-file',
    ],
    ...[
      'key-file',
      'keyring',
      'insecure-skip-tls-verify',
      'pass-credentials',
      'username',
      'password',
      'plain-http',
      'untar',
      'untardir',
      'debug',
    ],
    ...['registry-config', 'repository-cache', 'repository-config', 'enable-dns', 'take-ownership', 'dependency-update', 'install', 'logs'],
  ],
  argocd: [
    ...[
      'server',
      'auth-token',
      'config',
      'core',
      'insecure',
      'plaintext',
      'grpc-web-root-path',
      'header',
      'H',
      'client-crt',
      'client-crt-key',
    ],
    ...[
      'kube-context',
      'server-crt',
      'port-forward',
      'port-forward-namespace',
      'local',
      'local-repo-root',
      'local-include',
      'force',
      'replace',
    ],
    ...[
      'values',
      'values-literal-file',
      'helm-set-file',
      'repo',
      'path',
      'plugin-env',
      'config-management-plugin',
      'dest-server',
      'selector',
    ],
  ],
  promtool: ['http.config.file', 'header', 'config.file', 'enable-feature'],
};
