import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Adds up what .ci/run collected in a directory: check.json (of .ci/check.mjs), test.json, faults.json and real.json (Vitest's JSON reports).
 * test-again.json and the like, where they are, hold the files that failed beside others and were run again alone.
 * A report that is missing counts as one failure, and so does a test file that failed to load. Skipped tests are named, and fail: CI has all peers. Those of faults only are named: a machine may refuse a small disk.
 */

/** @typedef {{ passed: number, failed: number, notes: string[] }} Sum */

/**
 * @param {string} file
 * @returns {any} null when missing or broken
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @returns {Sum} */
function ofChecks(/** @type {any} */ report) {
  if (report === null) return { passed: 0, failed: 1, notes: ['npm run check left no report'] };
  const failed = [...report.failed, ...report.skipped];
  return { passed: report.passed.length, failed: failed.length, notes: failed.map((name) => `check: ${name}`) };
}

/** What was run again alone counts in place of what it was first. */
function replaced(/** @type {any} */ report, /** @type {any} */ again) {
  const second = new Map((again?.testResults ?? []).map((/** @type {any} */ suite) => [suite.name, suite]));
  return report.testResults.map((/** @type {any} */ suite) => second.get(suite.name) ?? suite);
}

/** @returns {Sum} */
function ofTests(/** @type {any} */ report, /** @type {string} */ name, /** @type {any} */ again = null, maySkip = false) {
  if (report === null) return { passed: 0, failed: 1, notes: [`${name} left no report`] };
  const suites = replaced(report, again);
  const all = suites.flatMap((/** @type {any} */ suite) => suite.assertionResults);
  const skipped = all.filter((/** @type {any} */ test) => maySkip && ['skipped', 'pending'].includes(test.status));
  for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`);
  const tests = all.filter((/** @type {any} */ test) => !skipped.includes(test));
  const bad = tests.filter((/** @type {any} */ test) => test.status !== 'passed');
  const unloaded = suites.filter(
    (/** @type {any} */ suite) =>
      suite.status === 'failed' && suite.assertionResults.every((/** @type {any} */ test) => test.status === 'passed'),
  );
  const notes = [
    ...bad.map((/** @type {any} */ test) => `${test.status}: ${test.fullName}`),
    ...unloaded.map((/** @type {any} */ suite) => `failed: ${suite.name}`),
    ...(tests.length === 0 ? [`${name} ran no test`] : []),
    // Errors outside any test (an unhandled rejection) fail the run without failing a test.
    ...((again ?? report).success === false && bad.length === 0 && unloaded.length === 0 ? [`${name} failed outside its tests`] : []),
  ];
  return { passed: tests.length - bad.length, failed: notes.length, notes };
}

const directory = process.argv[2] ?? '.';
const sums = [
  ofChecks(read(join(directory, 'check.json'))),
  ofTests(read(join(directory, 'test.json')), 'npm test', read(join(directory, 'test-again.json'))),
  ofTests(read(join(directory, 'faults.json')), 'npm run test:faults', read(join(directory, 'faults-again.json')), true),
  ofTests(read(join(directory, 'real.json')), 'npm run test:real', read(join(directory, 'real-again.json'))),
];
const passed = sums.reduce((all, { passed }) => all + passed, 0);
const failed = sums.reduce((all, { failed }) => all + failed, 0);
for (const note of sums.flatMap(({ notes }) => notes)) process.stdout.write(`${note}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (failed > 0 || passed === 0) process.exitCode = 1;
