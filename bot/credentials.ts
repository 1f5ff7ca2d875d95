import { existsSync, readFileSync } from 'node:fs';
import type { Site } from '../tools/site.ts';
import { secretsAt } from '../tools/site-secrets.ts';
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

function fileOf(path: string | undefined): readonly string[] {
  return path !== undefined && existsSync(path) ? [readFileSync(path, 'utf8').trim()] : [];
}

/** Credentials that the process reads from files, or that are part of an address. */
export function readCredentials(env: Environment, sites: readonly Site[]): readonly string[] {
  const urls = [env.DATABASE_URL, env.DATABASE_MIGRATION_URL].flatMap((url) => (url === undefined ? [] : passwordsIn(url)));
  return [...urls, ...sites.flatMap(secretsAt), ...fileOf(env.TEMPORAL_TLS_KEY)];
}
