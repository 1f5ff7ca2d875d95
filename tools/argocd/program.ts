import { pathIn, tokenIn } from '../credentials.ts';
import type { Program } from '../system.ts';

const transports = { tls: '', 'grpc-web': '--grpc-web', plaintext: '--plaintext' } as const;

export const program: Program = {
  name: 'argocd',
  version: ['version', '--client=true', '--short=true'],
  environment: async ({ argocd: own }, credentials) => {
    if (own === undefined) return {};
    // In this mode the program is its own server on loopback; what it may do is what the kubeconfig may do.
    if (own.transport === 'core')
      return { KUBECONFIG: await pathIn(own.kubeconfig, credentials, 'argocd.kubeconfig'), ARGOCD_OPTS: '--core' };
    const token = await tokenIn(own.token, credentials, 'argocd.token');
    return { ARGOCD_SERVER: own.server, ARGOCD_AUTH_TOKEN: token, ARGOCD_OPTS: transports[own.transport] };
  },
  // A comparison: its own dry run is an operation that others see.
  isDryRun: ([group, verb]) => group === 'app' && verb === 'diff',
  failures: [
    // In core mode, of the cluster.
    [/error loading config file|invalid configuration|context .* does not exist/, 'context_unknown'],
    [/is forbidden|Unauthorized/, 'forbidden'],
    // The port that it looked up for itself can be gone a moment later.
    [/cannot find ready pod|unable to forward port|failed to listen/, 'unreachable'],
    [/PermissionDenied|Unauthenticated|invalid session/, 'forbidden'],
    [/code = NotFound|not found/, 'not_found'],
    [/code = Unavailable|connection refused|no such host|i\/o timeout|context deadline exceeded|DeadlineExceeded/, 'unreachable'],
  ],
};
