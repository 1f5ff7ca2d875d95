import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { createRedactor } from '../../tools/redaction/index.ts';
import { knownSecrets } from '../core.ts';
import { createLogger } from '../log.ts';
import type { ErasedScope } from '../store/audit-disclosures.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import { since } from './policy.ts';
import { migrationSettings } from './settings.ts';

interface EraseFlags extends JsonFlag {
  readonly incident?: string;
  readonly before?: Date;
  readonly reason?: string;
}

function scopeOf({ incident, before }: EraseFlags, command: Command): ErasedScope {
  if (incident !== undefined && before === undefined) return { incidentId: incident };
  if (before !== undefined && incident === undefined) return { before };
  return command.error('error: say either --incident or --before');
}

export function registerErase(audit: Command, { out, variables }: CliContext): void {
  withJson(audit.command('erase'))
    .description(
      'erase words that people and systems said from the log, for good; entries, hashes and proofs stay (DATABASE_MIGRATION_URL, else DATABASE_URL)',
    )
    .option('--incident <id>', 'of one incident')
    .option('--before <time>', 'of all entries older than 400d (or 12h, 45m), or than a date', since)
    .option('--reason <text>', 'why; recorded')
    .action(async (flags: EraseFlags, command: Command) => {
      const scope = scopeOf(flags, command);
      const { env, file, url } = migrationSettings(variables);
      const redact = createRedactor({ secrets: knownSecrets(env, file), placeholderKey: randomBytes(32) });
      const log = createLogger({ level: 'warn', redact, destination: { write: (line) => out.note(line.trimEnd()) } });
      const [{ eraseWords }, { createPool }, { createRecorder }] = await Promise.all([
        import('../audit/erase.ts'),
        import('../store/pool.ts'),
        import('../store/record.ts'),
      ]);
      const pool = await createPool(url, log, 1);
      try {
        const record = createRecorder({ redact, now: () => new Date(), sinks: [], patience: 0 });
        const actor = { kind: 'system', id: 'command line' } as const;
        const erased = await eraseWords(pool, record, { scope, reason: flags.reason ?? null, actor });
        print(out, erased, flags.json, ({ entries, words }) => [
          words === 0 ? 'There was nothing to erase.' : `${words} words of ${entries} entries are erased; the log says so.`,
        ]);
      } finally {
        await pool.end();
      }
    });
}
