import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundlerPlugin, bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from 'pino';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Everything that can end up in the bundle, and what builds it. */
const inputs = ['workflows/**/*.ts', 'tools/expect.ts', 'bot/temporal/failure-converter.ts', 'bot/temporal/bundle.ts', 'package-lock.json'];

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const path of globSync(inputs, { cwd: root }).toSorted()) {
    if (path.endsWith('.test.ts')) continue;
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The workflow code as one file, built once per version of its sources and kept in `directory`.
 * Answers the file's path. A half-written file is never used: it is renamed into place.
 */
export async function workflowBundle(directory: string, plugins: BundlerPlugin[], log: Logger): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `workflows-${sourceHash()}.js`);
  if (existsSync(file)) return file;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows/index.ts'),
    failureConverterPath: join(root, 'bot/temporal/failure-converter.ts'),
    plugins,
    logger: {
      log: () => {},
      trace: () => {},
      debug: () => {},
      info: () => {},
      warn: (message) => log.warn({ message }, 'workflow bundler'),
      error: (message) => log.error({ message }, 'workflow bundler'),
    },
  });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, code);
  renameSync(partial, file);
  return file;
}
