/** Called with the index of a word and the offset after its last character. */
export type OnWord = (word: number, end: number) => void;

export interface Automaton {
  scan(text: string, onWord: OnWord): void;
}

interface Trie {
  readonly next: Map<number, number>[];
  readonly words: number[][];
}

function trieOf(words: readonly string[]): Trie {
  const next: Map<number, number>[] = [new Map()];
  const found: number[][] = [[]];
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i);
      const known = next[state]?.get(code);
      if (known === undefined) {
        next.push(new Map());
        found.push([]);
        next[state]?.set(code, next.length - 1);
      }
      state = known ?? next.length - 1;
    }
    found[state]?.push(index);
  }
  return { next, words: found };
}

/** Class 0 is every character that no word has. */
function classesOf(words: readonly string[], foldCase: boolean): { classes: Uint16Array; count: number } {
  const classes = new Uint16Array(0x10000);
  let count = 1;
  for (const code of words.flatMap((word) => Array.from({ length: word.length }, (_, i) => word.charCodeAt(i)))) {
    if (classes[code] === 0) classes[code] = count++;
    if (!foldCase) continue;
    classes[String.fromCharCode(code).toUpperCase().charCodeAt(0)] = classes[code] ?? 0;
  }
  return { classes, count };
}

/** Aho-Corasick made into one table: a state and a character class give the next state. */
function tableOf(trie: Trie, classes: Uint16Array, count: number): Int32Array {
  const table = new Int32Array(trie.next.length * count);
  const fail = new Int32Array(trie.next.length);
  const queue: number[] = [0];
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] ?? 0;
    const fallback = fail[state] ?? 0;
    if (state !== 0) {
      table.copyWithin(state * count, fallback * count, (fallback + 1) * count);
      trie.words[state]?.push(...(trie.words[fallback] ?? []));
    }
    for (const [code, child] of trie.next[state] ?? []) {
      const cell = state * count + (classes[code] ?? 0);
      fail[child] = state === 0 ? 0 : (table[cell] ?? 0);
      table[cell] = child;
      queue.push(child);
    }
  }
  return table;
}

/**
 * Finds all words in one pass over a text (Aho and Corasick, 1975). With `foldCase` words must be lower case, and ASCII
 * letters of the text match in either case.
 */
export function createAutomaton(words: readonly string[], foldCase: boolean): Automaton {
  const trie = trieOf(words);
  const { classes, count } = classesOf(words, foldCase);
  const table = tableOf(trie, classes, count);
  const hits = trie.words.map((found) => (found.length === 0 ? null : found));
  // A cell holds where the next state's row starts, inverted where words end there: one look per character.
  const rows = table.map((state) => (hits[state] ? ~(state * count) : state * count));
  const ascii = classes.slice(0, 128);
  return {
    scan(text, onWord) {
      let row = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        const next = rows[row + (code < 128 ? (ascii[code] ?? 0) : (classes[code] ?? 0))] ?? 0;
        row = next < 0 ? ~next : next;
        if (next >= 0) continue;
        for (const word of hits[row / count] ?? []) onWord(word, i + 1);
      }
    },
  };
}
