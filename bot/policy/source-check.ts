import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBundleArchive } from '../../policy/archive.ts';
import { capabilitiesFile, sourceNames } from '../../policy/sources.ts';
import { type DecisionRow, readDecisionTable } from '../../policy/table.ts';
import { type Finding, fine, problem, wordsOf } from '../doctor/finding.ts';
import { checkCompiled, type PolicyCheck } from './compiled-check.ts';
import { coverageWords } from './coverage.ts';
import type { Opa } from './opa.ts';

async function opaFinding(opa: Opa, name: string, argv: readonly string[], todo: string): Promise<Finding> {
  const { ok, words } = await opa.run(argv);
  return ok ? fine(name, '') : problem(name, words === '' ? 'opa gives no reason' : words, todo);
}

/** opa fmt names the files that it would change, and succeeds. */
async function formatFinding(opa: Opa): Promise<Finding> {
  const { ok, words } = await opa.run(['fmt', '--list', '.']);
  return ok && words === '' ? fine('format', '') : problem('format', words, 'run: opa fmt --write on the files that are named');
}

/** The last line of opa's that counts the tests, e.g. `PASS: 161/161`. */
function passed(words: string): string {
  const [, some, all] = /^PASS: (\d+)\/(\d+)$/m.exec(words) ?? [];
  return some === undefined ? 'there are none' : `${some} of ${all} pass`;
}

/** One test may hold the whole decision table. */
const longTests = ['--timeout', '60s'];

async function testFinding(opa: Opa): Promise<Finding> {
  const { ok, words } = await opa.run(['test', ...longTests, '.']);
  if (!ok) return problem('tests', words, 'correct the rule, or the test: opa test --verbose shows how it came about');
  const coverage = coverageWords((await opa.run(['test', ...longTests, '--coverage', '--format', 'json', '.'])).words);
  return fine('tests', [passed(words), ...(coverage === null ? [] : [coverage])].join(', '));
}

/** The directory's own table where it has one: a policy of one's own decides otherwise on purpose. Throws when it is not of the known form. */
function tableOf(directory: string): readonly DecisionRow[] {
  const own = join(directory, 'testdata', 'decisions.json');
  return existsSync(own) ? readDecisionTable(own) : readDecisionTable();
}

async function compiled(opa: Opa): Promise<PolicyCheck> {
  try {
    return await checkCompiled(readBundleArchive(await opa.build()), tableOf(opa.directory));
  } catch (error) {
    return { bundle: null, findings: [problem('compiled', wordsOf(error), 'correct what opa names')] };
  }
}

const onlyThese = 'the compiled form has the functions of policy/capabilities.json only: times, hashes and lists come with the question';

/** Every check, also when one fails: but of what is no policy nothing more is said. What is decided is asked of the compiled form, as a server does. */
export async function checkSources(opa: Opa): Promise<PolicyCheck> {
  const format = await formatFinding(opa);
  const strict = await opaFinding(opa, 'strict', ['check', '--strict', '.'], 'correct what opa names; the other checks come then');
  if (!strict.ok) return { bundle: null, findings: [format, strict] };
  const tests = await testFinding(opa);
  const called = ['check', '--capabilities', fileURLToPath(capabilitiesFile), ...sourceNames(opa.directory)];
  const capabilities = await opaFinding(opa, 'capabilities', called, onlyThese);
  if (!capabilities.ok) return { bundle: null, findings: [format, strict, tests, capabilities] };
  const { bundle, findings } = await compiled(opa);
  return { bundle, findings: [format, strict, tests, capabilities, ...findings] };
}
