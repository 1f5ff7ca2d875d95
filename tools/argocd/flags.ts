import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'argocd',
  allowed: [
    ...['output', 'project', 'revision', 'exit-code', 'source', 'tail', 'since-seconds', 'container', 'previous'],
    ...['filter', 'timeout', 'refresh', 'hard-refresh', 'prune', 'sync-policy', 'auto-prune', 'self-heal', 'cascade'],
    ...['yes'],
  ],
  refused: [
    ...['server', 'auth-token', 'config', 'core', 'insecure', 'plaintext', 'grpc-web-root-path', 'header', 'H'],
    ...['client-crt', 'client-crt-key', 'kube-context', 'server-crt', 'port-forward', 'port-forward-namespace', 'local'],
    ...['local-repo-root', 'local-include', 'force', 'replace', 'values', 'values-literal-file', 'helm-set-file'],
    ...['repo', 'path', 'plugin-env', 'config-management-plugin', 'dest-server', 'selector'],
  ],
};
