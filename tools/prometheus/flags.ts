import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'promtool',
  allowed: ['format', 'time', 'start', 'end', 'step', 'match'],
  refused: ['http.config.file', 'header', 'config.file', 'enable-feature'],
};
