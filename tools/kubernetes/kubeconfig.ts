import { parse } from 'yaml';
import { z } from 'zod';

const Kubeconfig = z.object({ users: z.array(z.object({ user: z.record(z.string(), z.unknown()).nullish() })).nullish() });

/**
 * Why a kubeconfig may not be used; null when it may. Credential plugins run programs of the kubeconfig's choice, so they are
 * refused here: only some versions of kubectl can refuse them.
 */
export function kubeconfigRefusal(text: string): string | null {
  const config = Kubeconfig.safeParse(decode(text));
  if (!config.success) return 'kubeconfig is malformed';
  const users = (config.data.users ?? []).map(({ user }) => user ?? {});
  if (users.some((user) => 'exec' in user || 'auth-provider' in user)) return 'kubeconfig names a credential plugin';
  return null;
}

function decode(text: string): unknown {
  try {
    // A warning would print the text, past the redactor.
    return parse(text, { logLevel: 'error' });
  } catch {
    return undefined;
  }
}
