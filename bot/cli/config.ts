import type { Command } from 'commander';
import { configSchema } from '../config-schema.ts';
import type { CliContext } from './context.ts';

export function registerConfig(program: Command, { out }: CliContext): void {
  const config = program.command('config').description('the configuration file, and the description of the API');
  config
    .command('openapi')
    .description('print the OpenAPI document of the API, for client generators')
    .action(async () => {
      const { openApiDocument } = await import('../api/openapi/document.ts');
      out.line(JSON.stringify(await openApiDocument(), null, 2));
    });
  config
    .command('schema')
    .description('print the JSON Schema of watchkeeper.yaml, for editors')
    .action(() => out.line(JSON.stringify(configSchema(), null, 2)));
}
