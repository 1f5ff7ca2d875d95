import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { TwoFiles } from '../tools/credentials.ts';
import type { Site } from '../tools/site.ts';
import { systemsOf } from '../tools/systems.ts';
import type { Environment } from './config-environment.ts';

/** The password of a URL, decoded and as written; nothing where it has none. */
export function passwordsIn(url: string): readonly string[] {
  const password = URL.parse(url)?.password ?? '';
  if (password === '') return [];
  try {
    return [...new Set([password, decodeURIComponent(password)])];
  } catch {
    return [password];
  }
}

const secretKeys = new Set([
  'token',
  'password',
  'client-key-data',
  'client-certificate-data',
  'id-token',
  'refresh-token',
  'access-token',
]);

function valuesIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(valuesIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (secretKeys.has(key) && typeof value === 'string' ? [value] : valuesIn(value)));
}

/** Tokens, passwords and keys of a kubeconfig; nothing where it cannot be read: the runner says so when it needs it. */
function kubeconfigSecrets(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  try {
    return valuesIn(parse(readFileSync(path, 'utf8')));
  } catch {
    return [];
  }
}

function fileOf(path: string | undefined): readonly string[] {
  return path !== undefined && existsSync(path) ? [readFileSync(path, 'utf8').trim()] : [];
}

/** Credentials that the process reads from files, or that are part of an address. */
export function readCredentials(env: Environment, sites: readonly Site[]): readonly string[] {
  const urls = [env.DATABASE_URL, env.DATABASE_MIGRATION_URL].flatMap((url) => (url === undefined ? [] : passwordsIn(url)));
  const files = sites.flatMap((site) => systemsOf(site).flatMap(({ name, secrets }) => secrets?.(site[name]) ?? []));
  const paths = (of: readonly TwoFiles[]) => of.flatMap(({ read, write }) => [read, write]);
  const kubeconfigs = paths(files.flatMap((one) => one.kubeconfigs ?? []));
  const tokens = paths(files.flatMap((one) => one.tokens ?? []));
  return [...urls, ...kubeconfigs.flatMap(kubeconfigSecrets), ...tokens.flatMap(fileOf), ...fileOf(env.TEMPORAL_TLS_KEY)];
}
