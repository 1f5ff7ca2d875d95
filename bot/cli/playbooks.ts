import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { createRegistry } from '../../tools/registry.ts';
import { type CaseResult, runCases } from '../../workflows/playbooks/cases.ts';
import { compileTexts, loadShipped, type PlaybookTexts, readTexts, setOf, shippedDirectory } from '../../workflows/playbooks/load.ts';
import { playbookSchema } from '../../workflows/playbooks/schema.ts';
import { type PlaybookProblem, problemLine } from '../../workflows/playbooks/source.ts';
import { PlaybookAnswer, PlaybooksAnswer } from '../api/routes/playbooks.ts';
import type { PlaybookMember } from '../store/playbooks.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';
import type { Text } from './style.ts';

interface Place {
  readonly directory: string;
  readonly texts: PlaybookTexts;
}

/** A file, or the playbooks of a directory. */
function placeOf(path: string): string {
  if (!existsSync(path)) throw new InvalidArgumentError(`${path} does not exist.`);
  return path;
}

function textsAt(path: string): Place {
  if (statSync(path).isDirectory()) return { directory: path, texts: readTexts(path) };
  return { directory: dirname(path), texts: new Map([[basename(path), readFileSync(path, 'utf8')]]) };
}

const at = (directory: string, problem: PlaybookProblem): PlaybookProblem => ({ ...problem, file: join(directory, problem.file) });

interface Checked {
  readonly playbooks: readonly string[];
  readonly problems: readonly PlaybookProblem[];
}

/** The operator's files at a place, beside those that ship. */
function compiledAt({ directory, texts }: Place) {
  const operations = createRegistry();
  const origin = directory === shippedDirectory ? 'shipped' : 'own';
  const files = [...compileTexts(operations, origin, texts).values()];
  const good = files.flatMap((file) => (file.kind === 'good' ? [file.compiled] : []));
  const problems = files.flatMap((file) => (file.kind === 'wrong' ? file.problems : [])).map((problem) => at(directory, problem));
  return { operations, good, problems };
}

function checkedLines({ playbooks, problems }: Checked): readonly Text[] {
  const sum = problems.length === 0 ? `${playbooks.length} good.` : `${playbooks.length} good, ${problems.length} problems.`;
  return [...problems.map(problemLine), sum];
}

function registerValidate(playbook: Command, { out, exit }: CliContext): void {
  withJson(playbook.command('validate'))
    .description('check playbooks: shape, expressions, operations, and what becomes of their examples; exit status 1 with a problem')
    .argument('[path]', 'a file or a directory; those that ship when absent', placeOf, shippedDirectory)
    .action((path: string, { json }: JsonFlag) => {
      const { good, problems } = compiledAt(textsAt(path));
      print(out, { playbooks: good.map((one) => one.playbook.name), problems }, json, checkedLines);
      exit(problems.length === 0 ? 0 : 1);
    });
}

/** `NAME.test.yaml` of a directory, of a playbook, or itself. */
function caseFiles(path: string, directory: string): readonly string[] {
  if (statSync(path).isDirectory())
    return readdirSync(path)
      .filter((file) => file.endsWith('.test.yaml'))
      .toSorted();
  const file = basename(path).replace(/(\.test)?\.yaml$/, '.test.yaml');
  return existsSync(join(directory, file)) ? [file] : [];
}

interface Tested {
  readonly results: readonly CaseResult[];
  readonly problems: readonly PlaybookProblem[];
}

/** Cases run against the playbooks beside them and those that ship, as in use. */
function tested(path: string): Tested {
  const directory = statSync(path).isDirectory() ? path : dirname(path);
  const { operations, good, problems } = compiledAt(textsAt(directory));
  const set = directory === shippedDirectory ? setOf(good) : setOf(loadShipped(operations), good);
  const results = caseFiles(path, directory).flatMap((file) =>
    runCases(operations, set, file, readFileSync(join(directory, file), 'utf8')).map((result) => ({
      ...result,
      file: join(directory, file),
      problem: result.problem === null ? null : at(directory, result.problem),
    })),
  );
  return { results, problems };
}

function testedLines({ results, problems }: Tested): readonly Text[] {
  const failed = results.filter(({ problem }) => problem !== null).length;
  const lines = results.map(({ file, name, problem }) =>
    problem === null ? `ok       ${basename(file)}: ${name}` : `problem  ${problemLine(problem)}`,
  );
  const none = results.length === 0 ? ['There are no cases: write NAME.test.yaml beside NAME.yaml (docs/guides/playbooks.md).'] : [];
  return [
    ...problems.map((problem) => `problem  ${problemLine(problem)}`),
    ...lines,
    ...none,
    `${results.length - failed} of ${results.length} cases came out as expected.`,
  ];
}

function registerTest(playbook: Command, { out, exit }: CliContext): void {
  withJson(playbook.command('test'))
    .description(
      'run the cases beside playbooks (NAME.test.yaml): findings or observations in, match and plan out; exit status 1 with a problem',
    )
    .argument('[path]', 'a file or a directory; those that ship when absent', placeOf, shippedDirectory)
    .action((path: string, { json }: JsonFlag) => {
      const done = tested(path);
      print(out, done, json, testedLines);
      exit(done.problems.length === 0 && done.results.every(({ problem }) => problem === null) ? 0 : 1);
    });
}

const does = ({ proposes }: PlaybookMember) => (proposes.length === 0 ? 'asks people' : proposes.join(', '));

function registerShown(playbook: Command, { api, out }: CliContext): void {
  withJson(playbook.command('list'))
    .description('list the playbooks that are in use, and what is wrong in the directory of your own')
    .action(async ({ json }: JsonFlag) => {
      const found = await api().request('GET', '/v1/playbooks', PlaybooksAnswer);
      print(out, found, json, ({ hash, items, problems }) => [
        ...table(items.map((one) => [one.name, one.origin, String(one.specificity), does(one)])),
        ...problems.map((problem) => `problem  ${problemLine(problem)}${problem.kept ? ' (its last good version is in use)' : ''}`),
        hash === null ? 'No worker has started yet.' : `Set ${hash}`,
      ]);
    });
  withJson(playbook.command('show'))
    .description('show a playbook that is in use')
    .argument('<name>', 'see watchkeeper playbook list')
    .action(async (name: string, { json }: JsonFlag) => {
      const found = await api().request('GET', `/v1/playbooks/${encodeURIComponent(name)}`, PlaybookAnswer);
      print(out, found, json, ({ content, file, origin, sha256 }) => [
        `# ${file} (${origin}), SHA-256 ${sha256}`,
        ...content.trimEnd().split('\n'),
      ]);
    });
}

export function registerPlaybooks(program: Command, context: CliContext): void {
  const playbook = program.command('playbook').description('when it applies, what to read, what to conclude, what to propose');
  registerValidate(playbook, context);
  registerTest(playbook, context);
  registerShown(playbook, context);
  playbook
    .command('schema')
    .description('print the JSON Schema of a playbook, for editors')
    .action(() => context.out.line(JSON.stringify(playbookSchema(), null, 2)));
}
