import type { ToolErrorCode } from './contract.ts';

const kubectlFailures: readonly (readonly [RegExp, ToolErrorCode])[] = [
  [/context "[^"]*" does not exist|context was not found/, 'context_unknown'],
  [/\(Forbidden\)|is forbidden|\(Unauthorized\)|You must be logged in/, 'forbidden'],
  [/\(NotFound\)|unable to find specified revision|unable to find container|No resources found/, 'not_found'],
  [
    /Unable to connect to the server|was refused|connection refused|no such host|i\/o timeout|Client\.Timeout|context deadline exceeded|\(ServiceUnavailable\)/,
    'unreachable',
  ],
];

const helmFailures: readonly (readonly [RegExp, ToolErrorCode])[] = [
  ...kubectlFailures,
  [/Kubernetes cluster unreachable|failed to fetch|could not find protocol handler|dial tcp/, 'unreachable'],
  [
    /release: not found|release has no [0-9]+ version|chart .*not found|no chart version found|is not a valid chart repository/,
    'not_found',
  ],
];

const argocdFailures: readonly (readonly [RegExp, ToolErrorCode])[] = [
  [/PermissionDenied|Unauthenticated|invalid session/, 'forbidden'],
  [/code = NotFound|not found/, 'not_found'],
  [/code = Unavailable|connection refused|no such host|i\/o timeout|context deadline exceeded|DeadlineExceeded/, 'unreachable'],
];

const promtoolFailures: readonly (readonly [RegExp, ToolErrorCode])[] = [
  [/connection refused|no such host|i\/o timeout|context deadline exceeded|server_error/, 'unreachable'],
  [/bad_data|parse error/, 'bad_input'],
];

const amtoolFailures: readonly (readonly [RegExp, ToolErrorCode])[] = [
  [/connection refused|no such host|i\/o timeout|context deadline exceeded|\]\[50[234]\]/, 'unreachable'],
  [/silence not found|\]\[404\]/, 'not_found'],
  [/\]\[40[13]\]/, 'forbidden'],
  [/bad matcher format|matcher value|\]\[400\]|start must be before end|cannot be after/, 'bad_input'],
];

const tables: Readonly<Record<string, readonly (readonly [RegExp, ToolErrorCode])[]>> = {
  kubectl: kubectlFailures,
  helm: helmFailures,
  argocd: argocdFailures,
  promtool: promtoolFailures,
  amtool: amtoolFailures,
};

/** What a program's message means. */
export function failureCode(binary: string, stderr: string): ToolErrorCode {
  return (tables[binary] ?? []).find(([pattern]) => pattern.test(stderr))?.[1] ?? 'failed';
}

/** What an HTTP status of 400 or more means. */
export function httpFailureCode(status: number): ToolErrorCode {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 400 || status === 422) return 'bad_input';
  return status === 502 || status === 503 || status === 504 ? 'unreachable' : 'failed';
}

/** The line that says what went wrong: the last one, since client libraries log before it. At most 500 characters. */
export function failureMessage(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? 'no message').slice(0, 500);
}
