import { isTokenLike, isValue } from '../patterns/values.ts';

const passwordName = /(?:^|[^a-z])(?:password|passwd|passphrase|pwd)s?(?:[^a-z]|$)|(?:password|passphrase|passwd)$/;
const secretName =
  /(?:token|secret|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|encryption[_-]?key|signing[_-]?key|client-key-data|credentials?)(?:[_-]?(?:value|base64|b64|data|[0-9]{1,3}))?$/;
const variableName = /(?:_key|_dsn|database_url)$/;

/** Keys of a kubeconfig user that hold credentials. */
export const kubeconfigKeys: ReadonlySet<string> = new Set([
  'token',
  'password',
  'client-key-data',
  'id-token',
  'refresh-token',
  'access-token',
  'client-secret',
]);

function snake(name: string): string {
  return name
    .slice(0, 256)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The kind of secret that a value is because of its key, or null: `password` always, `token` where it looks like one. */
export function secretByKey(key: string, value: string, inKubeconfigUser: boolean): string | null {
  if (inKubeconfigUser && kubeconfigKeys.has(key) && isValue(value)) return 'kubeconfig';
  const name = snake(key);
  if (passwordName.test(name)) return isValue(value) ? 'password' : null;
  if (secretName.test(name)) return isTokenLike(value) ? 'secret' : null;
  return null;
}

/** The same for the value of an environment variable. */
export function secretByVariable(name: string, value: string): string | null {
  const lower = snake(name);
  const named = passwordName.test(lower) || secretName.test(lower) || variableName.test(lower);
  return named && isValue(value) ? 'env' : null;
}
