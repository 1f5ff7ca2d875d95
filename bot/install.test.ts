import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The script runs in a directory of its own, with a program in npm's place that writes down its arguments. */
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watchkeeper-install-'));
  mkdirSync(join(root, 'bot'));
  cpSync(join(import.meta.dirname, 'install.mjs'), join(root, 'bot/install.mjs'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function lock(path: string, packages: Record<string, object>): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify({ packages }));
}

/** Returns what npm was asked for; null when it was not started. */
function install(exitStatus = 0): { status: number | null; asked: string | null; stderr: string } {
  const npm = join(root, 'npm.cjs');
  writeFileSync(npm, `require('node:fs').writeFileSync('asked', process.argv.slice(2).join(' ')); process.exit(${exitStatus});`);
  const { status, stderr } = spawnSync(process.execPath, ['bot/install.mjs'], { cwd: root, encoding: 'utf8', env: { npm_execpath: npm } });
  const asked = join(root, 'asked');
  return { status, stderr, asked: existsSync(asked) ? readFileSync(asked, 'utf8') : null };
}

describe('install', () => {
  it('runs npm install when nothing is installed, and says so', () => {
    lock('package-lock.json', { '': {}, 'node_modules/zod': { version: '4.0.0' } });
    const { status, asked, stderr } = install();
    expect(asked).toMatch(/^install --no-save /);
    expect(stderr).toContain('1 missing or outdated');
    expect(status).toBe(0);
  });

  it('runs npm install when a package is there in another version', () => {
    lock('package-lock.json', { 'node_modules/zod': { version: '4.0.1' } });
    lock('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.0.0' } });
    expect(install().asked).toMatch(/^install --no-save /);
  });

  it('leaves an installation alone that lacks packages for other platforms only', () => {
    lock('package-lock.json', {
      '': {},
      'node_modules/zod': { version: '4.0.0' },
      'node_modules/win': { version: '1.0.0', optional: true },
    });
    lock('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.0.0' } });
    expect(install()).toEqual({ status: 0, asked: null, stderr: '' });
  });

  it('fails when npm fails', () => {
    lock('package-lock.json', { 'node_modules/zod': { version: '4.0.0' } });
    const { status, stderr } = install(7);
    expect(status).toBe(1);
    expect(stderr).toContain('exit status 7');
  });
});
