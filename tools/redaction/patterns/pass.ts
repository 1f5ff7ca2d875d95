import { createAutomaton } from '../automaton.ts';
import type { Pass, Span } from '../spans.ts';
import { findGoDsnPasswords } from './go-dsn.ts';
import type { Pattern } from './pattern.ts';
import { patterns } from './patterns.ts';

function spanAt(pattern: Pattern, text: string, start: number): Span | null {
  pattern.regex.lastIndex = start;
  const match = pattern.regex.exec(text);
  const found = match?.groups?.['quoted'] ?? match?.groups?.['bare'];
  if (match === null || found === undefined || !pattern.accepts(found)) return null;
  const end = start + match[0].lastIndexOf(found) + found.length;
  return { start: end - found.length, end, kind: pattern.kind };
}

/** Finds credentials by the words they stand behind. */
export function createPatternPass(): Pass {
  const keywords = [...new Set(patterns.flatMap((pattern) => pattern.keywords))];
  const automaton = createAutomaton(keywords, true);
  const patternsOf = keywords.map((keyword) =>
    patterns.flatMap((pattern, index) => (pattern.keywords.includes(keyword) ? [{ pattern, index }] : [])),
  );
  return (text) => {
    const spans = findGoDsnPasswords(text);
    // A keyword within a secret that its pattern found already says nothing new, and following it would cost quadratic time.
    const covered = patterns.map(() => 0);
    automaton.scan(text, (word, end) => {
      const start = end - (keywords[word]?.length ?? 0);
      for (const { pattern, index } of patternsOf[word] ?? []) {
        const span = start < (covered[index] ?? 0) ? null : spanAt(pattern, text, start);
        if (span === null) continue;
        covered[index] = span.end;
        spans.push(span);
      }
    });
    return spans;
  };
}
