import { heldRemedy } from './held/remedy.ts';
import type { AccountRights } from './report.ts';
import { systems } from './systems.ts';

const everywhere: Partial<Record<string, string>> = {
  forbidden: 'renew these credentials, or give them their role',
  unreachable: 'see whether it can be reached from there',
  cli_missing: 'install it, or name its path under binaries of the site',
  context_unknown: 'correct its settings at the site',
};

/** What to do where a system did not say what an account may do; null: it said. */
export function remedyFor({ system, account, problem }: Pick<AccountRights, 'system' | 'account' | 'problem'>): string | null {
  if (problem === null) return null;
  const held = heldRemedy(problem);
  if (held !== null) return held;
  const own = systems.find(({ name }) => name === system)?.remedy?.(problem, account);
  return own ?? everywhere[problem.code] ?? 'ask it by hand at the site';
}
