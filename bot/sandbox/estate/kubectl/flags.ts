import type { Flag, Flags } from '../programs/flags.ts';

const string: Flag = { type: 'string' };
const bool: Flag = { type: 'bool' };
const int: Flag = { type: 'int' };
const unsupported: Flag = { type: 'string', simulated: false };
const unsupportedBool: Flag = { type: 'bool', simulated: false };

/** kubectl's flags that every command takes. */
export const globalFlags: Flags = {
  context: string,
  kubeconfig: string,
  namespace: { type: 'string', short: 'n' },
  'request-timeout': string,
  kuberc: string,
  'cache-dir': string,
  'warnings-as-errors': bool,
  v: { type: 'int', short: 'v' },
  as: unsupported,
  'as-group': unsupported,
  'as-uid': unsupported,
  'certificate-authority': unsupported,
  'client-certificate': unsupported,
  'client-key': unsupported,
  cluster: unsupported,
  'disable-compression': bool,
  'insecure-skip-tls-verify': unsupportedBool,
  'log-flush-frequency': string,
  'match-server-version': bool,
  password: unsupported,
  profile: unsupported,
  'profile-output': unsupported,
  server: { ...unsupported, short: 's' },
  'tls-server-name': unsupported,
  token: unsupported,
  user: unsupported,
  username: unsupported,
  vmodule: string,
};

const filename: Flags = {
  filename: { ...unsupported, short: 'f' },
  kustomize: { ...unsupported, short: 'k' },
  recursive: { ...unsupportedBool, short: 'R' },
};
const printing: Flags = {
  output: { type: 'string', short: 'o' },
  'allow-missing-template-keys': bool,
  'show-managed-fields': bool,
  template: unsupported,
};
const selector: Flags = { selector: { type: 'string', short: 'l' } };
const everywhere: Flags = { 'all-namespaces': { type: 'bool', short: 'A' } };
const rollout: Flags = { ...filename, ...selector };

/** Flags by command, as `kubectl COMMAND --help` lists them in 1.34. */
export const commandFlags: Readonly<Record<string, Flags>> = {
  get: {
    ...filename,
    ...printing,
    ...selector,
    ...everywhere,
    'chunk-size': int,
    'field-selector': string,
    'ignore-not-found': bool,
    'label-columns': { ...unsupported, short: 'L' },
    'no-headers': bool,
    'output-watch-events': unsupportedBool,
    raw: unsupported,
    'server-print': bool,
    'show-kind': bool,
    'show-labels': bool,
    'sort-by': string,
    subresource: unsupported,
    watch: { ...unsupportedBool, short: 'w' },
    'watch-only': unsupportedBool,
  },
  events: {
    ...printing,
    ...everywhere,
    'chunk-size': int,
    for: string,
    'no-headers': bool,
    types: string,
    watch: { ...unsupportedBool, short: 'w' },
  },
  describe: { ...filename, ...selector, ...everywhere, 'chunk-size': int, 'show-events': bool },
  logs: {
    ...selector,
    'all-containers': bool,
    'all-pods': bool,
    container: { type: 'string', short: 'c' },
    follow: { ...unsupportedBool, short: 'f' },
    'ignore-errors': bool,
    'insecure-skip-tls-verify-backend': unsupportedBool,
    'limit-bytes': int,
    'max-log-requests': int,
    'pod-running-timeout': string,
    prefix: bool,
    previous: { type: 'bool', short: 'p' },
    since: { type: 'duration' },
    'since-time': string,
    tail: int,
    timestamps: bool,
  },
  'top pod': {
    ...selector,
    ...everywhere,
    containers: bool,
    'field-selector': unsupported,
    'no-headers': bool,
    'show-swap': unsupportedBool,
    'sort-by': string,
    sum: bool,
    'use-protocol-buffers': bool,
  },
  'top node': {
    ...selector,
    'no-headers': bool,
    'show-capacity': bool,
    'show-swap': unsupportedBool,
    'sort-by': string,
    'use-protocol-buffers': bool,
  },
  'rollout undo': { ...rollout, ...printing, 'dry-run': string, 'to-revision': int },
  'rollout status': { ...rollout, revision: int, timeout: { type: 'duration' }, watch: { type: 'bool', short: 'w' } },
  'rollout history': { ...rollout, ...printing, revision: int },
  'rollout restart': { ...rollout, ...printing, 'field-manager': string },
  scale: {
    ...rollout,
    ...printing,
    all: unsupportedBool,
    'current-replicas': int,
    'dry-run': string,
    replicas: int,
    'resource-version': string,
    timeout: string,
  },
  'set image': { ...rollout, ...printing, all: unsupportedBool, 'dry-run': string, 'field-manager': string, local: unsupportedBool },
  version: { client: bool, output: { type: 'string', short: 'o' } },
  'cluster-info': {},
  'auth can-i': { ...everywhere, list: bool, 'no-headers': bool, quiet: { type: 'bool', short: 'q' }, subresource: string },
  'config current-context': {},
};
