import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'thanos',
  allowed: ['log.level', 'objstore.config-file', 'output', 'exclude-delete', 'marker', 'id', 'details', 'remove'],
  refused: [
    ...['objstore.config', 'objstore-to.config', 'objstore-to.config-file', 'tracing.config-file'],
    ...['rewrite.to-delete-config', 'delete-blocks'],
  ],
};
