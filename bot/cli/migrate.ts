import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { createRedactor } from '../../tools/redaction/index.ts';
import { knownSecrets } from '../core.ts';
import { createLogger } from '../log.ts';
import { migrate } from '../store/migrate.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import { migrationSettings } from './settings.ts';

export function registerMigrate(program: Command, { out, variables }: CliContext): void {
  withJson(program.command('migrate'))
    .description('bring the database to the newest schema (DATABASE_MIGRATION_URL, else DATABASE_URL); safe to repeat')
    .option('--while-running', 'although other Watchkeepers are connected: they may not be able to record decisions afterwards')
    .action(async ({ json, whileRunning = false }: JsonFlag & { whileRunning?: boolean }) => {
      const { env, file, url } = migrationSettings(variables);
      const redact = createRedactor({ secrets: knownSecrets(env, file), placeholderKey: randomBytes(32) });
      const log = createLogger({ level: 'warn', redact, destination: { write: (line) => out.note(line.trimEnd()) } });
      const applied = await migrate(url, log, { alone: !whileRunning });
      print(out, { applied }, json, () => [
        applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.length} migrations: ${applied.join(', ')}.`,
      ]);
    });
}
