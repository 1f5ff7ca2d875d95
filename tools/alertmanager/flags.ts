import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'amtool',
  allowed: [
    ...['alertmanager.url', 'output', 'active', 'silenced', 'inhibited', 'unprocessed', 'author', 'duration', 'end'],
    ...['comment'],
  ],
  refused: ['http.config.file', 'config.file', 'force', 'worker', 'created-by', 'within', 'date.format', 'timeout', 'v'],
};
