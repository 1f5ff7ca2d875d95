import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { connection } from './connect.ts';
import type { CliContext } from './context.ts';

interface ExportFlags {
  readonly format: 'ndjson' | 'otlp' | 'cef';
  readonly output?: string;
  readonly after?: number;
}

function place(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('the place of an entry, e.g. 1200.');
  return Number(value);
}

async function* counted(lines: AsyncIterable<string>, tally: { lines: number }): AsyncGenerator<string> {
  for await (const line of lines) {
    tally.lines += 1;
    yield `${line}\n`;
  }
}

export function registerExport(audit: Command, { out, variables }: CliContext): void {
  audit
    .command('export')
    .description('write the whole log, for audit verify, or its entries for another system; to standard output unless told otherwise')
    .addOption(
      new Option('--format <format>', 'ndjson: everything that verify needs; otlp: OpenTelemetry logs; cef: Common Event Format')
        .choices(['ndjson', 'otlp', 'cef'])
        .default('ndjson'),
    )
    .option('-o, --output <file>', 'write to a file; it is replaced')
    .option('--after <seq>', 'with otlp and cef: only entries behind this place', place)
    .action(async ({ format, output, after }: ExportFlags, command: Command) => {
      if (format === 'ndjson' && after !== undefined) command.error('error: --after is for otlp and cef: ndjson is the whole log');
      const options = connection(variables, 30_000);
      const { exportEvents, exportNdjson } = await import('./audit-lines.ts');
      const lines = format === 'ndjson' ? exportNdjson(options) : exportEvents(options, format, after ?? 0);
      if (output === undefined) {
        for await (const line of lines) out.line(line);
        return;
      }
      const tally = { lines: 0 };
      await pipeline(Readable.from(counted(lines, tally)), createWriteStream(output, { mode: 0o600 }));
      out.note(`${tally.lines} lines were written to ${output}.`);
    });
}
