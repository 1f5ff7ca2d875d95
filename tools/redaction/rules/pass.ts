import { createAutomaton } from '../automaton.ts';
import type { Span } from '../spans.ts';
import { createAllowed } from './allowlist.ts';
import { gates } from './gates.ts';
import type { Rule, RuleSet } from './load.ts';
import { createRuleMatcher, type RuleMatcher } from './matcher.ts';
import { windowsAround } from './windows.ts';

/** Keyword → the rules that have it. */
function rulesByKeyword(rules: readonly Rule[]): Map<string, number[]> {
  const byKeyword = new Map<string, number[]>();
  for (const [index, rule] of rules.entries()) {
    for (const keyword of rule.keywords) {
      const lower = keyword.toLowerCase();
      byKeyword.set(lower, [...(byKeyword.get(lower) ?? []), index]);
    }
  }
  return byKeyword;
}

/** Where keywords of each rule end in a text, in one pass. */
function createPrefilter(rules: readonly Rule[]): (text: string) => Map<number, number[]> {
  const byKeyword = [...rulesByKeyword(rules)];
  const gateOf = rules.map((rule) => gates.get(rule.id));
  const automaton = createAutomaton(
    byKeyword.map(([keyword]) => keyword),
    true,
  );
  return (text) => {
    const hits = new Map<number, number[]>();
    automaton.scan(text, (word, end) => {
      for (const rule of byKeyword[word]?.[1] ?? []) {
        if (gateOf[rule]?.(text, end) === false) continue;
        const known = hits.get(rule);
        if (known === undefined) hits.set(rule, [end]);
        else known.push(end);
      }
    });
    return hits;
  };
}

/** Runs a rule set over texts: a rule only around its keywords, each rule compiled when first needed. */
export function createRulePass(ruleSet: RuleSet): (text: string) => Span[] {
  const global = createAllowed(ruleSet.allowlist);
  const prefilter = createPrefilter(ruleSet.rules);
  const matchers = new Map<number, RuleMatcher>();
  const matcherOf = (index: number, rule: Rule): RuleMatcher => {
    const known = matchers.get(index) ?? createRuleMatcher(rule, global);
    matchers.set(index, known);
    return known;
  };
  return (text) => {
    const spans: Span[] = [];
    for (const [index, hits] of prefilter(text)) {
      const rule = ruleSet.rules[index];
      if (rule === undefined) continue;
      const matcher = matcherOf(index, rule);
      for (const window of windowsAround(hits, text.length)) spans.push(...matcher(text, window));
    }
    return spans;
  };
}
