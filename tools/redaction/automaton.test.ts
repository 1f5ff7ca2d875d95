import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAutomaton } from './automaton.ts';

function found(words: readonly string[], text: string, foldCase: boolean): string[] {
  const hits: string[] = [];
  createAutomaton(words, foldCase).scan(text, (word, end) => hits.push(`${word}@${end}`));
  return hits.sort();
}

/** What indexOf would find. */
function expected(words: readonly string[], text: string): string[] {
  return words
    .flatMap((word, index) =>
      Array.from({ length: text.length }, (_, at) => at).flatMap((at) =>
        text.startsWith(word, at) ? [`${index}@${at + word.length}`] : [],
      ),
    )
    .sort();
}

describe('createAutomaton', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '-') });

  it('finds every occurrence of every word, overlapping ones too', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          letters.filter((word) => word.length > 0),
          { minLength: 1, maxLength: 8 },
        ),
        letters,
        (words, text) => {
          expect(found(words, text, false)).toEqual(expected(words, text));
        },
      ),
    );
  });

  it('folds ASCII case when asked, and only then', () => {
    expect(found(['key'], 'KeY', true)).toEqual(['0@3']);
    expect(found(['key'], 'KeY', false)).toEqual([]);
  });
});
