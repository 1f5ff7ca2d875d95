import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The rules are checked by breaking them: a temporary copy of the source gets a violation, and the tool has to name it. */
const root = join(import.meta.dirname, '../..');
const layers = ['bot', 'workflows', 'policy', 'tools', 'blocks'];
const config = ['package.json', 'tsconfig.json', 'biome.json', '.dependency-cruiser.cjs', '.gitignore', '.ci/biome'];

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'watchkeeper-boundaries-'));
  for (const name of [...layers, ...config]) await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  // Only files of the planted violation count: the source itself is for `npm run check`.
  await mkdir(join(copy, 'tools/planted'), { recursive: true });
  await writeFile(join(copy, 'tools/planted/leaf.ts'), 'export const leaf = 1;\n');
});

afterAll(() => rm(copy, { recursive: true, force: true }));

interface Ran {
  readonly status: number;
  readonly output: string;
}

function run(program: string, argv: readonly string[]): Promise<Ran> {
  const bin = join(root, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  return new Promise((resolve) => {
    execFile(join(bin, program), argv, { cwd: copy, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });
}

/** Writes the files, runs the tool, takes the files away again. */
async function planted(files: Readonly<Record<string, string>>, tool: () => Promise<Ran>): Promise<Ran> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text, { flag: 'wx' });
  }
  try {
    return await tool();
  } finally {
    for (const path of Object.keys(files)) await rm(join(copy, path));
  }
}

const cruise = () => run('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...layers]);
const use = (path: string, name: string) => `import { ${name} } from '${path}';\n\nexport const used = ${name};\n`;
const leaf = 'export const leaf = 1;\n';

describe('dependency-cruiser', () => {
  it.each([
    ['tools-imports-only-below', { 'tools/planted/up.ts': use('../../policy/planted.ts', 'leaf'), 'policy/planted.ts': leaf }],
    ['policy-imports-only-below', { 'policy/planted.ts': use('../workflows/planted.ts', 'leaf'), 'workflows/planted.ts': leaf }],
    ['workflows-imports-only-below', { 'workflows/planted.ts': use('../blocks/planted.ts', 'leaf'), 'blocks/planted.ts': leaf }],
    ['nothing-imports-bot', { 'policy/planted.ts': use('../bot/planted.ts', 'leaf'), 'bot/planted.ts': leaf }],
    [
      'nothing-imports-bot',
      {
        'policy/planted.ts': "import type { Leaf } from '../bot/planted.ts';\n\nexport type Used = Leaf;\n",
        'bot/planted.ts': 'export type Leaf = 1;\n',
      },
    ],
    ['blocks-import-contracts-only', { 'blocks/planted.ts': use('../tools/planted/leaf.ts', 'leaf') }],
    [
      'blocks-import-types-only',
      { 'blocks/planted.ts': use('../workflows/contracts/planted.ts', 'leaf'), 'workflows/contracts/planted.ts': leaf },
    ],
    [
      'workflows-import-activity-types-only',
      { 'workflows/isolate/planted.ts': use('../activities/planted.ts', 'leaf'), 'workflows/activities/planted.ts': leaf },
    ],
    ['isolate-imports-no-node', { 'workflows/isolate/planted.ts': use('node:fs', 'readFileSync') }],
    ['only-run-imports-execa', { 'tools/planted/start.ts': use('execa', 'execa') }],
    ['only-providers-import-models', { 'bot/planted.ts': use('openai', 'OpenAI') }],
    ['only-providers-import-models', { 'bot/llm/planted.ts': use('@anthropic-ai/sdk', 'Anthropic') }],
    ['only-the-router-asks-providers', { 'bot/planted.ts': use('./llm/providers/index.ts', 'createProviders') }],
    ['product-imports-no-tests', { 'tools/planted/wrong.ts': use('./leaf.test.ts', 'leaf'), 'tools/planted/leaf.test.ts': leaf }],
    ['no-dev-packages-in-product', { 'tools/planted/wrong.ts': use('fast-check', 'assert') }],
    ['resolvable', { 'tools/planted/wrong.ts': use('./nowhere.ts', 'leaf') }],
    ['no-cycles', { 'tools/planted/a.ts': "export * from './b.ts';\n", 'tools/planted/b.ts': "export * from './a.ts';\n" }],
  ])('refuses what %s forbids', async (rule, files) => {
    const { status, output } = await planted(files as Record<string, string>, cruise);
    expect(output).toMatch(new RegExp(`error ${rule}: .*planted`));
    expect(status).not.toBe(0);
  });

  it('lets a view import types of the contracts, and a workflow types of its activities', async () => {
    const files = {
      'blocks/planted.ts': "import type { Leaf } from '../workflows/contracts/planted.ts';\n\nexport type Used = Leaf;\n",
      'workflows/contracts/planted.ts': 'export type Leaf = 1;\n',
      'workflows/isolate/planted.ts':
        "import type * as activities from '../activities/planted.ts';\n\nexport type Used = typeof activities;\n",
      'workflows/activities/planted.ts': leaf,
    };
    expect((await planted(files, cruise)).output).not.toContain('planted');
  });

  it('reads every source file', async () => {
    const { output } = await run('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...layers]);
    const { modules } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
    const read = new Set(modules.map((module: { source: string }) => module.source));
    const files = await Promise.all(
      layers.map(async (layer) => (await readdir(join(copy, layer), { recursive: true })).map((name) => `${layer}/${name}`)),
    );
    const sources = files.flat().filter((name) => name.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((name) => !read.has(name))).toEqual([]);
    const edges = modules.flatMap((module: { source: string; dependencies: unknown[] }) => module.dependencies);
    expect(edges.length).toBeGreaterThan(sources.length);
  });
});

describe('biome', () => {
  it.each([
    ['noRestrictedImports', 'workflows/isolate/planted.ts', use('node:fs', 'readFileSync')],
    ['noRestrictedImports', 'workflows/contracts/planted.ts', use('node:fs/promises', 'readFile')],
    ['noRestrictedImports', 'tools/planted/start.ts', use('execa', 'execa')],
    [
      'noFloatingPromises',
      'tools/planted/wrong.ts',
      'async function later(): Promise<void> {}\n\nexport function now(): void {\n  later();\n}\n',
    ],
    ['noImportCycles', 'tools/planted/a.ts', use('./b.ts', 'b').replace('used', 'a')],
    ['noDefaultExport', 'tools/planted/wrong.ts', 'export default 1;\n'],
    ['noProcessEnv', 'tools/planted/wrong.ts', 'export const home = process.env;\n'],
    ['noConsole', 'tools/planted/wrong.ts', "console.log('here');\n"],
    ['noEnum', 'tools/planted/wrong.ts', 'export enum Wrong {\n  one = 1,\n}\n'],
    [
      'sql.unsafe skips the row type',
      'tools/planted/wrong.ts',
      "import { sql } from 'slonik';\n\nexport const all = sql.unsafe`SELECT 1`;\n",
    ],
  ])('refuses what %s forbids in %s', async (rule, path, text) => {
    const files = { [path]: text, ...(rule === 'noImportCycles' ? { 'tools/planted/b.ts': use('./a.ts', 'a').replace('used', 'b') } : {}) };
    const { status, output } = await planted(files, () => run('biome', ['check', '--colors=off', path]));
    expect(output).toContain(rule);
    expect(status).not.toBe(0);
  });

  it('accepts Node.js modules outside the isolate', async () => {
    const path = 'tools/planted/right.ts';
    const { status, output } = await planted({ [path]: use('node:fs', 'readFileSync') }, () => run('biome', ['check', path]));
    expect(output).not.toContain('noRestrictedImports');
    expect(status).toBe(0);
  });
});
