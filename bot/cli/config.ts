import type { Command } from 'commander';
import { configSchema } from '../config-schema.ts';
import type { CliContext } from './context.ts';

export function registerConfig(program: Command, { out }: CliContext): void {
  program
    .command('config')
    .description('the configuration file')
    .command('schema')
    .description('print the JSON Schema of watchkeeper.yaml, for editors')
    .action(() => out.line(JSON.stringify(configSchema(), null, 2)));
}
