import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { head } from '../prometheus/answer.ts';
import { grafanaApi, grafanaTimeoutMs, Uid } from './api.ts';

/** Addresses, users and settings may hold secrets: they are not kept. */
const Datasource = z.object({ uid: z.string(), name: z.string(), type: z.string(), isDefault: z.boolean().default(false) });

/** Data sources in an answer. */
const limit = 200;

export const grafanaDatasources = read({
  name: 'grafana.datasources',
  summary: 'Data sources by name and type',
  input: z.strictObject({}),
  output: z.object({ datasources: z.array(Datasource), /** Data sources left out. */ omitted: z.number().int().nonnegative() }),
  command: () => grafanaApi('datasources'),
  parse: ({ stdout }) => {
    const { kept, omitted } = head(parseJson(z.array(Datasource), stdout), limit);
    return { datasources: kept, omitted };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['datasources:read on datasources:*'],
});

const Health = z.object({ status: z.enum(['OK', 'ERROR']), message: z.string().default('') });

export const grafanaDatasourceHealth = read({
  name: 'grafana.datasource_health',
  summary: 'Whether Grafana reaches a data source, in the words of its plugin',
  input: z.strictObject({ uid: Uid }),
  output: z.object({ healthy: z.boolean(), message: z.string() }),
  command: ({ uid }) => grafanaApi(`datasources/uid/${uid}/health`),
  // One that is not healthy is answered with 400.
  answers: ({ stdout }) => isHealth(stdout),
  parse: ({ stdout }) => {
    const { status, message } = parseJson(Health, stdout);
    return { healthy: status === 'OK', message: message.slice(0, 500) };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['datasources:query on datasources:*'],
});

function isHealth(stdout: string): boolean {
  try {
    parseJson(Health, stdout);
    return true;
  } catch (error) {
    if (error instanceof OutputMalformed) return false;
    throw error;
  }
}
