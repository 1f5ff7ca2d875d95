/** Per program: the flags that our command lines may hold. A flag that is in none of them is a finding of the conformance test. */
export const allowedFlags: Readonly<Record<string, readonly string[]>> = {
  kubectl: [
    ...['namespace', 'all-namespaces', 'context', 'request-timeout', 'output', 'selector', 'field-selector', 'dry-run', 'no-headers'],
    ...['container', 'all-containers', 'prefix', 'tail', 'since', 'previous', 'timestamps', 'limit-bytes', 'containers'],
    ...['watch', 'to-revision', 'revision', 'replicas', 'current-replicas'],
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
  promtool: ['http.config.file', 'header', 'config.file', 'enable-feature'],
};
