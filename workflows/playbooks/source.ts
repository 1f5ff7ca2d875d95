import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';

/** What is wrong in a file, where, and what to do. */
export interface PlaybookProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly todo: string;
}

export const problemLine = ({ file, line, column, message, todo }: PlaybookProblem): string =>
  `${file}:${line}:${column}: ${message}: ${todo}`;

type Path = readonly (string | number)[];

/** A YAML text that knows where its parts stand. */
export interface Source {
  readonly value: unknown;
  /** `offset`: characters into the text that stands there. */
  problem(path: Path, message: string, todo: string, offset?: number): PlaybookProblem;
  /** Of a value that is not as a type wants it. */
  issues(error: z.ZodError, path?: Path): readonly PlaybookProblem[];
}

export type Read =
  | { readonly kind: 'read'; readonly source: Source }
  | { readonly kind: 'wrong'; readonly problems: readonly PlaybookProblem[] };

/** Characters of a file. */
const longestFile = 65_536;

/** The node at a path, or the closest above it that there is. */
function nodeAt(document: Document, path: Path): Node | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node;
  }
  return null;
}

/** Where a key stands that should not be there. */
function keyAt(document: Document, path: Path, key: string): Node | null {
  const map = nodeAt(document, path);
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  return isNode(pair?.key) ? pair.key : map;
}

/** Places within a text are exact where it stands in one line, as it is. */
function startOf(node: Node | null, offset: number, text: string): number {
  const start = node?.range?.[0] ?? 0;
  if (!isScalar(node) || typeof node.value !== 'string' || offset === 0) return start;
  const quote = node.type === 'PLAIN' ? 0 : 1;
  return text.startsWith(node.value, start + quote) ? start + quote + offset : start;
}

function sourceOf(file: string, text: string, document: Document, lines: LineCounter): Source {
  const place = (position: number) => {
    const { line, col } = lines.linePos(position);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const todo = 'see the schema (watchkeeper playbook schema) and docs/guides/playbooks.md';
  return {
    value: document.toJS(),
    problem: (path, message, what, offset = 0) => ({ ...place(startOf(nodeAt(document, path), offset, text)), message, todo: what }),
    issues: (error, path = []) =>
      error.issues.map((issue) => {
        const at = [...path, ...(issue.path as (string | number)[])];
        const node = issue.code === 'unrecognized_keys' ? keyAt(document, at, issue.keys[0] ?? '') : nodeAt(document, at);
        return { ...place(startOf(node, 0, text)), message: `${at.join('.') || 'the file'}: ${issue.message}`, todo };
      }),
  };
}

/** YAML without aliases: a short file cannot become a long one. */
export function readSource(file: string, text: string): Read {
  const at = (line: number, column: number, message: string, todo: string): Read => ({
    kind: 'wrong',
    problems: [{ file, line, column, message, todo }],
  });
  if (text.length > longestFile) return at(1, 1, `is longer than ${longestFile} characters`, 'split it');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return at(Math.max(1, line), Math.max(1, col), `not valid YAML: ${error.message}`, 'correct it there');
  }
  try {
    document.toJS({ maxAliasCount: 0 });
  } catch {
    return at(1, 1, 'uses an alias (*name)', 'write it out');
  }
  return { kind: 'read', source: sourceOf(file, text, document, lines) };
}
