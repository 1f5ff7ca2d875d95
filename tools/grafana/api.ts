import { argument } from '../grammar.ts';
import type { HttpCommand } from '../operation.ts';

/** Milliseconds that a call may take. */
export const grafanaTimeoutMs = 30_000;

/** Of dashboards, data sources, folders and alert rules. */
export const Uid = argument(40).regex(/^[A-Za-z0-9_-]+$/, 'must be a UID of Grafana');

export function grafanaApi(path: string, parameters: Readonly<Record<string, string | number | undefined>> = {}): HttpCommand {
  const given = Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return { kind: 'http', method: 'GET', service: 'grafana', path: `/api/${path}`, query: Object.fromEntries(given) };
}

export function grafanaWrite(method: HttpCommand['method'], path: string, body?: unknown): HttpCommand {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return { kind: 'http', method, service: 'grafana', path: `/api/${path}`, query: {}, ...content };
}
