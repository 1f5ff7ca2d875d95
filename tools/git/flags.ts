import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'git',
  allowed: [
    ...['git-dir', 'bare', 'depth', 'single-branch', 'no-tags', 'filter', 'template', 'branch', 'literal-pathspecs'],
    ...['full-tree', 'quiet', 'done', 'no-color', 'no-ext-diff', 'no-textconv', 'full-index', 'no-recurse-submodules'],
    ...['verify', 'end-of-options', 'no-verify', 'porcelain', 'is-ancestor'],
  ],
  refused: [
    ...['c', 'C', 'config-env', 'exec-path', 'upload-pack', 'receive-pack', 'u', 'exec', 'config', 'recurse-submodules'],
    ...['remote-submodules', 'force', 'f', 'force-with-lease', 'mirror', 'all', 'tags', 'prune', 'delete', 'signed'],
    ...['push-option', 'o', 'work-tree', 'namespace', 'reference', 'shared', 'local', 'separate-git-dir', 'origin'],
    ...['server-option', 'bundle-uri', 'ext-diff', 'textconv', 'output', 'no-index', 'allow-unsafe-features'],
    ...['import-marks', 'export-marks', 'rewrite-submodules-from', 'filters', 'super-prefix', 'attr-source'],
  ],
};
