import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'gh',
  allowed: [
    ...['repo', 'state', 'limit', 'base', 'head', 'json', 'branch', 'workflow', 'log', 'log-failed', 'failed', 'color'],
    ...['title', 'body-file', 'squash', 'merge', 'rebase', 'auto', 'match-head-commit'],
  ],
  refused: [
    ...['hostname', 'admin', 'delete-branch', 'web', 'editor', 'fill', 'recover', 'template', 'jq', 'with-token'],
    ...['method', 'field', 'raw-field', 'input', 'header', 'paginate', 'preview', 'search', 'debug', 'R', 'F', 'H', 'B'],
    ...['q', 't'],
  ],
};
