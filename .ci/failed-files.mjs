import { readFileSync } from 'node:fs';

/** Prints the test files of a Vitest JSON report in which something failed, one a line; nothing for a report that is missing or broken. */
function report(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}

for (const { name, status } of report(process.argv[2] ?? '').testResults) if (status === 'failed') process.stdout.write(`${name}\n`);
