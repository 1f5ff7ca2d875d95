import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'tempo-cli',
  allowed: ['limit', 'query', 'org-id', 'path-prefix'],
  refused: ['header', 'config-file', 'c', 's3-pass', 'insecure-skip-verify', 'use-grpc'],
};
