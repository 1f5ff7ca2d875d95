import { stringify } from 'yaml';
import { notSimulated, Refusal } from '../programs/program.ts';
import { type KubernetesObject, sortKeys } from '../render/object.ts';
import type { Resource } from './resources.ts';
import { reference } from './resources.ts';

const formats = 'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml';
const getFormats = `custom-columns,custom-columns-file,${formats.replace('yaml', 'wide,yaml')}`;

/** Refuses formats that kubectl refuses, and those that the estate does not print. `tables`: the command also prints tables. */
export function checkFormat(output: string, tables: boolean): void {
  const [format = ''] = output.split('=');
  if (['', 'json', 'yaml', 'name'].includes(output) || (tables && output === 'wide')) return;
  const allowed = tables ? getFormats : formats;
  if (allowed.split(',').includes(format)) throw notSimulated(`the output format "${format}"`);
  throw new Refusal(`error: unable to match a printer suitable for the output format "${output}", allowed formats are: ${allowed}`);
}

/** One document in kubectl's layout: keys in order, four spaces in JSON, sequences not indented in YAML. */
export function document(value: unknown, format: 'json' | 'yaml'): string {
  const sorted = sortKeys(value);
  if (format === 'json') return `${JSON.stringify(sorted, null, 4)}\n`;
  return stringify(sorted, { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}

export function listOf(items: readonly KubernetesObject[]): Record<string, unknown> {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

/** What a write prints: the object in the asked format, or `deployment.apps/x scaled (server dry run)`. */
export function written(resource: Resource, object: KubernetesObject, verb: string, output: string, dryRun: string): string {
  if (output === 'json' || output === 'yaml') return document(object, output);
  const name = reference(resource, object.metadata.name);
  if (output === 'name') return `${name}\n`;
  return `${name} ${verb}${dryRun === 'none' ? '' : dryRun === 'server' ? ' (server dry run)' : ' (dry run)'}\n`;
}

/** Columns as tabwriter lays them out: three spaces apart. */
export function table(rows: readonly (readonly string[])[], gap = 3): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + gap))).join('')}\n`)
    .join('');
}

/** kubectl's short ages: `45s`, `3m10s`, `12m`, `5h3m`, `26h`, `4d2h`, `90d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const both = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    `${big}${bigUnit}${small === 0 ? '' : `${small}${smallUnit}`}`;
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  return days < 8 ? both(days, 'd', hours % 24, 'h') : `${days}d`;
}
