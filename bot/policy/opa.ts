import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { buildArguments, capabilitiesFile, sourceNames } from '../../policy/sources.ts';
import { findBinaries } from '../../tools/binaries.ts';
import { createRun } from '../../tools/run.ts';

/** Bytes: a report of coverage has all lines of all files. */
const largestOutput = 8 * 1024 * 1024;

export class OpaMissing extends Error {
  readonly code = 'opa_missing';
  constructor() {
    super('this needs opa on PATH: see https://www.openpolicyagent.org/docs/#1-download-opa');
    this.name = 'OpaMissing';
  }
}

export class PolicySourceInvalid extends Error {
  readonly code = 'policy_source_invalid';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PolicySourceInvalid';
  }
}

/** opa, in one directory of Rego sources. */
export interface Opa {
  readonly directory: string;
  /** `words`: what opa printed where it was not content. */
  run(argv: readonly string[]): Promise<{ readonly ok: boolean; readonly words: string }>;
  /** The compiled bundle (tar.gz). Throws PolicySourceInvalid with opa's words. */
  build(): Promise<Buffer>;
}

const timeoutMs = 60_000;

function sourcesIn(directory: string): string[] {
  try {
    const names = sourceNames(directory);
    if (names.length > 0) return names;
  } catch (error) {
    throw new PolicySourceInvalid(`${directory} cannot be read`, error);
  }
  throw new PolicySourceInvalid(`${directory} holds no Rego files`);
}

async function build(run: Opa['run'], directory: string): Promise<Buffer> {
  const sources = sourcesIn(directory);
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-policy-'));
  try {
    const archive = join(folder, 'bundle.tar.gz');
    const { ok, words } = await run(buildArguments(sources, fileURLToPath(capabilitiesFile), archive));
    if (!ok) throw new PolicySourceInvalid(`opa cannot build ${directory}: ${words}`);
    return await readFile(archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `directory` is absolute; `path` as in PATH. Throws OpaMissing, and PolicySourceInvalid where there are no Rego files. */
export async function openOpa(directory: string, path: string, log: Logger): Promise<Opa> {
  const { opa } = await findBinaries(['opa'], path);
  if (opa === undefined) throw new OpaMissing();
  sourcesIn(directory);
  const start = createRun({ log });
  const run: Opa['run'] = async (argv) => {
    const result = await start({ file: opa, argv, cwd: directory, timeoutMs, maxOutputBytes: largestOutput });
    if (result.kind === 'missing') throw new OpaMissing();
    const words = `${result.stdout}${result.stderr}`.trim();
    if (result.kind !== 'exited') return { ok: false, words: `${words}\nopa was stopped (${result.kind})`.trim() };
    return { ok: result.exitCode === 0, words };
  };
  return { directory, run, build: () => build(run, directory) };
}
