import { z } from 'zod';
import { ConfigFile } from './config-file.ts';

/** JSON Schema (2020-12) of watchkeeper.yaml as a person writes it. References between its parts are checked at the start only. */
export function configSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(ConfigFile, { io: 'input' }),
    title: 'watchkeeper.yaml',
    description: 'Configuration of Watchkeeper: people, services, sites, and what may run without asking.',
  };
}
