import type { SiteIncomplete } from '../errors.ts';

const todos: Readonly<Record<SiteIncomplete['code'], string>> = {
  context_unknown: 'set the variable or write the entry that its setting names, as the runner of the site sees it, or correct the setting',
  forbidden:
    'give the login of the runner what it lacks (vault read auth/MOUNT/role/ROLE, vault policy read NAME), or correct credentials.vault',
  throttled: 'give the runner a higher rate limit in Vault (vault list sys/quotas/rate-limit)',
  unreachable: 'start or unseal that Vault, or correct credentials.vault of the site',
};

/** Of a credential that is not in a file, as `holdCredentials` words it. */
const ofHeld = /^[a-z]+(\.[A-Za-z]+)+\.(read|write) of the site: /;

/** What to do where a credential cannot be got; null: the problem is another one. */
export function heldRemedy({ code, message }: { readonly code: string; readonly message: string }): string | null {
  if (!ofHeld.test(message)) return null;
  return (todos as Readonly<Record<string, string>>)[code] ?? todos.context_unknown;
}
