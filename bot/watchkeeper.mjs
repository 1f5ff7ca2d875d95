#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The package's program. Plain JavaScript on purpose: it starts on the machine's own Node.js, and goes on with the one that is
 * installed as a package where that is older than 24 and cannot run TypeScript.
 */

const main = new URL('./main.ts', import.meta.url);
const oldest = 24;

/** @returns {string | null} the Node.js of node_modules; null when packages are not installed */
function packagedNode() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  } catch {
    return null;
  }
}

/** @param {string} node */
function goOnWith(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; what is sent to this one alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`watchkeeper: ${node} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

if (Number(process.versions.node.split('.')[0]) >= oldest) await import(main.href);
else {
  const node = packagedNode();
  if (node !== null) goOnWith(node);
  else {
    console.error(`watchkeeper: this Node.js is ${process.versions.node}, and ${oldest} is needed: run npm install first, it brings one.`);
    process.exitCode = 1;
  }
}
