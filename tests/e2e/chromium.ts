import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'vitest';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** CHROMIUM_PATH, or one that is on PATH; undefined: this machine has none. */
export function findChromium(): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
  const paths = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  return [process.env['CHROMIUM_PATH'] ?? '', ...paths].find((path) => path !== '' && isExecutable(path));
}

/** Where this machine has no Chromium such a test is skipped, and the report says so. CI has to have one. */
export const browserTest = findChromium() === undefined && process.env['CI'] !== 'true' ? test.skip : test;

/** For a machine of CI: no sandbox as root, and nothing fetched. */
export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
