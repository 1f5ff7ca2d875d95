import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes `npm start`, `npm test` and the rest work on a fresh clone: installs what the lock file names when that is not what is installed.
 * Plain JavaScript on purpose: this runs on the machine's own Node.js (20 or later), before anything is installed.
 */

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} Entry */

/**
 * Names of the packages that the lock file wants and that are missing, or there in another version.
 * Optional ones may be missing: they are for other platforms.
 *
 * @param {Record<string, Entry>} wanted `packages` of package-lock.json
 * @param {Record<string, Entry>} installed `packages` of node_modules/.package-lock.json
 */
function outdated(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, entry]) => {
      if (path === '' || entry.link) return false;
      const there = installed[path];
      if (there === undefined) return !entry.optional && !entry.devOptional;
      return there.version !== entry.version;
    })
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

/**
 * @param {string} file
 * @returns {Record<string, Entry>} nothing when the file is missing or broken, which counts as not installed
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

function install() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const names = outdated(packagesOf(join(root, 'package-lock.json')), packagesOf(join(root, 'node_modules', '.package-lock.json')));
  if (names.length === 0) return 0;
  console.error(`Installing packages with npm (${names.length} missing or outdated); this takes a minute the first time …`);
  // npm names itself in npm_execpath when it runs a script; the shell finds npm.cmd on Windows otherwise.
  const npm = process.env['npm_execpath'];
  const options = { cwd: root, stdio: /** @type {const} */ (['ignore', 'ignore', 'inherit']) };
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, which not every registry has.
  const flags = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = npm === undefined ? spawnSync('npm', flags, options) : spawnSync(process.execPath, [npm, ...flags], options);
  if (done.status === 0) return 0;
  console.error(
    `npm install failed${done.error ? `: ${done.error.message}` : ` with exit status ${done.status}`}. Run it by hand to see why.`,
  );
  return 1;
}

process.exitCode = install();
