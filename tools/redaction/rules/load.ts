import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { z } from 'zod';

const Allowlist = z.object({
  condition: z.enum(['OR', 'AND']).default('OR'),
  regexTarget: z.enum(['secret', 'match', 'line']).default('secret'),
  regexes: z.array(z.string()).default([]),
  stopwords: z.array(z.string()).default([]),
  paths: z.array(z.string()).default([]),
});
export type Allowlist = z.infer<typeof Allowlist>;

const Rule = z.object({
  id: z.string(),
  regex: z.string().optional(),
  /** Which group holds the secret; 0: the first group that took part, else the whole match. */
  secretGroup: z.number().int().default(0),
  /** A secret with at most this many bits per character is none. */
  entropy: z.number().default(0),
  keywords: z.array(z.string()).default([]),
  allowlists: z.array(Allowlist).default([]),
});
export type Rule = z.infer<typeof Rule> & { readonly regex: string };

const RuleFile = z.object({ allowlist: Allowlist, rules: z.array(Rule) });

export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly allowlist: Allowlist;
}

/**
 * Reads the gitleaks rule file of this folder. Rules about file names alone are left out; a rule's `path` is not asked,
 * since text on its way out has none.
 */
export function loadRules(): RuleSet {
  const file = RuleFile.parse(parse(readFileSync(new URL('./gitleaks.toml', import.meta.url), 'utf8')));
  const rules = file.rules.flatMap((rule) => (rule.regex === undefined ? [] : [{ ...rule, regex: rule.regex }]));
  return { rules, allowlist: file.allowlist };
}
