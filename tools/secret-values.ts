import { parse } from 'yaml';
import { profileSecrets } from './aws/profiles.ts';

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
export function yamlSecrets(text: string): readonly string[] {
  try {
    // A warning would print the text, past the redactor.
    return valuesIn(parse(text, { logLevel: 'error' }));
  } catch {
    return [];
  }
}

/** What must never be shown of a value, whatever it is for: one line is a token, several are a file. */
export function secretsIn(text: string): readonly string[] {
  const whole = text.trim();
  return [...(/[\r\n]/.test(whole) ? [] : [whole]), ...yamlSecrets(whole), ...profileSecrets(whole)];
}
