import type { Redactor } from '../ports.ts';
import { createExactPass } from './exact.ts';
import { createPatternPass } from './patterns/pass.ts';
import { blankPlaceholders, createPlaceholder } from './placeholder.ts';
import { loadRules } from './rules/load.ts';
import { createRulePass } from './rules/pass.ts';
import { applySpans, type Pass, type Redacted } from './spans.ts';
import { createEncodedPass } from './structure/encoded.ts';
import { createJsonPass } from './structure/json.ts';
import { createValueMask } from './structure/value.ts';
import { findVaultTables } from './structure/vault-table.ts';
import { findYamlSecrets } from './structure/yaml.ts';

export interface RedactorOptions {
  /** Exact values of the credentials that this process holds. */
  readonly secrets: readonly string[];
  /** HMAC key of the placeholders; one per incident makes equal secrets recognisable within it and not beyond. */
  readonly placeholderKey: Uint8Array;
}

/** Masking one secret can uncover the next (a rule's matches do not overlap); each round leaves less. */
const maxRounds = 8;

/** How deep documents within strings of documents are followed; what lies deeper is still read as text. */
const maxDepth = 4;

/** Redaction at every way out. It throws on no input. Its output redacted again is the same, unless a text uncovers secrets in more than `maxRounds` rounds. */
export function createRedactor(options: RedactorOptions): Redactor {
  const placeholder = createPlaceholder(options.placeholderKey);
  const exact = createExactPass(options.secrets);
  const rules = createRulePass(loadRules());
  const keyed = createPatternPass();
  const nested = (text: string, depth: number): Redacted => (depth >= maxDepth ? { text, count: 0 } : redact(text, depth + 1));
  const passesOf = (depth: number): readonly Pass[] => [
    exact,
    createJsonPass((text) => nested(text, depth)),
    findYamlSecrets,
    findVaultTables,
    rules,
    keyed,
    createEncodedPass((text) => nested(text, depth)),
  ];
  const passes = Array.from({ length: maxDepth + 1 }, (_, depth) => passesOf(depth));

  function round(text: string, depth: number): Redacted {
    let current: Redacted = { text, count: 0 };
    let blanked = blankPlaceholders(text);
    for (const pass of passes[depth] ?? []) {
      const next = applySpans(current.text, blanked, pass(blanked, current.text), placeholder);
      if (next.count === 0) continue;
      current = { text: next.text, count: current.count + next.count };
      blanked = blankPlaceholders(current.text);
    }
    return current;
  }

  function redact(text: string, depth: number): Redacted {
    let current: Redacted = { text, count: 0 };
    for (let i = 0; i < maxRounds; i++) {
      const next = round(current.text, depth);
      current = { text: next.text, count: current.count + next.count };
      if (next.count === 0) return current;
    }
    return current;
  }

  const text = (s: string): Redacted => redact(s, 0);
  return { text, value: createValueMask(text, placeholder), version: '2+gitleaks-8.30.1' };
}
