import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * `npm run check`: every static check, all of them even when one fails, with one line of result each.
 * `--report FILE` also writes `{passed, failed, skipped}` (names of checks) as JSON, which .ci/run adds up.
 */

const layers = ['bot', 'workflows', 'policy', 'tools', 'blocks', 'tests'];
const policyNeedsOpa = 'opa is not on PATH (go install github.com/open-policy-agent/opa@v1.22.2)';

/** @type {{ name: string, argv: string[], needs?: string }[]} */
const checks = [
  { name: 'types', argv: ['tsc', '-p', '.'] },
  { name: 'lint and format', argv: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'imports', argv: ['depcruise', '--config', '.dependency-cruiser.cjs', ...layers] },
  { name: 'unused', argv: ['knip'] },
  { name: 'policy bundle', argv: ['node', 'policy/build.ts', '--check'], needs: 'opa' },
  { name: 'policy format', argv: ['opa', 'fmt', '--list', '--fail', 'policy'], needs: 'opa' },
  { name: 'policy types', argv: ['opa', 'check', '--strict', 'policy'], needs: 'opa' },
  { name: 'policy tests', argv: ['opa', 'test', '--timeout', '60s', 'policy'], needs: 'opa' },
];

/**
 * @param {string} program
 * @returns {boolean}
 */
function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((directory) => {
    try {
      return readdirSync(directory).includes(program);
    } catch {
      return false;
    }
  });
}

/**
 * @param {string[]} argv
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function run([program = '', ...rest]) {
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** @type {{ passed: string[], failed: string[], skipped: string[] }} */
const result = { passed: [], failed: [], skipped: [] };
for (const check of checks) {
  if (check.needs !== undefined && !onPath(check.needs) && process.env.CI === undefined) {
    result.skipped.push(check.name);
    process.stdout.write(`skipped  ${check.name}: ${policyNeedsOpa}\n`);
    continue;
  }
  const started = performance.now();
  const { ok, output } = await run(check.argv);
  result[ok ? 'passed' : 'failed'].push(check.name);
  if (!ok) process.stdout.write(`${output}\n`);
  process.stdout.write(`${ok ? 'passed ' : 'FAILED '}  ${check.name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
}

const report = process.argv.indexOf('--report');
const file = report === -1 ? undefined : process.argv[report + 1];
if (file !== undefined) writeFileSync(resolve(file), JSON.stringify(result));
if (result.failed.length > 0) process.exitCode = 1;
