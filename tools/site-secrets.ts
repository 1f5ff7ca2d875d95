import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { profileSecrets } from './aws/profiles.ts';
import type { TwoFiles } from './credentials.ts';
import type { Site } from './site.ts';
import { systemsOf } from './systems.ts';

const secretKeys = new Set([
  'token',
  'password',
  'client-key-data',
  'client-certificate-data',
  'id-token',
  'refresh-token',
  'access-token',
  // Of object stores.
  'access_key',
  'secret_key',
  'session_token',
  'encryption_key',
  'service_account',
  'storage_account_key',
  'storage_connection_string',
  'client_secret',
  'application_credential_secret',
]);

function valuesIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(valuesIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (secretKeys.has(key) && typeof value === 'string' ? [value] : valuesIn(value)));
}

/** Tokens, passwords and keys of a kubeconfig, or of an object store's configuration; nothing where it is neither: the runner says so when it needs it. */
function yamlSecrets(text: string): readonly string[] {
  try {
    return valuesIn(parse(text));
  } catch {
    return [];
  }
}

function textOf(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}

const paths = (files: readonly TwoFiles[] = []) => files.flatMap(({ read, write }) => [read, write]);

/** Values in the credentials files of a site as they are now. Read anew each time: the files may be renewed while a runner runs. */
export function secretsAt(site: Site): readonly string[] {
  return systemsOf(site).flatMap(({ name, secrets }) => {
    const files = secrets?.(site[name]);
    const configurations = [...paths(files?.kubeconfigs), ...paths(files?.configurations)].flatMap(textOf).flatMap(yamlSecrets);
    const tokens = paths(files?.tokens).flatMap(textOf);
    const profiles = paths(files?.profiles).flatMap(textOf).flatMap(profileSecrets);
    return [...configurations, ...profiles, ...tokens.map((token) => token.trim())];
  });
}
