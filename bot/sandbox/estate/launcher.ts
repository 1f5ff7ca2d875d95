import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from './programs/index.ts';

/** Sends the command line and the two variables that kubectl reads to the estate's socket, and prints what comes back. */
const client = `'use strict';
const { connect } = require('node:net');
const [socketPath, program, ...argv] = process.argv.slice(2);
const { KUBECONFIG, HOME } = process.env;
const chunks = [];
const socket = connect(socketPath);
socket.on('error', () => {
  process.stderr.write('the simulated estate is not running\\n');
  process.exitCode = 69;
});
socket.on('data', (chunk) => chunks.push(chunk));
socket.on('end', () => {
  const answer = Buffer.concat(chunks).toString();
  if (answer === '') {
    process.stderr.write('the simulated estate stopped before it answered\\n');
    process.exitCode = 69;
    return;
  }
  const { stdout, stderr, exitCode } = JSON.parse(answer);
  process.exitCode = exitCode;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
});
socket.write(JSON.stringify({ program, argv, env: { KUBECONFIG, HOME } }) + '\\n');
`;

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Writes one executable per simulated program. Returns name → absolute path. */
export function writeExecutables(binDir: string, socketPath: string): Record<string, string> {
  mkdirSync(binDir, { recursive: true, mode: 0o700 });
  const clientPath = join(binDir, 'client.cjs');
  writeFileSync(clientPath, client);
  const entries = Object.keys(programs).map((name) => {
    const path = join(binDir, name);
    writeFileSync(path, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(clientPath)} ${quote(socketPath)} ${name} "$@"\n`);
    chmodSync(path, 0o755);
    return [name, path] as const;
  });
  return Object.fromEntries(entries);
}
