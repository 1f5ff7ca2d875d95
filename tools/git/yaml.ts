import { isDeepStrictEqual } from 'node:util';
import { Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, Scalar, type YAMLMap } from 'yaml';
import { EditRefused } from '../errors.ts';

type Value = string | number | boolean | null;
type Step = string | number | { readonly where: string; readonly is: string };

export interface Selected {
  /** Of several documents; null: the file holds one. */
  readonly object: { readonly kind: string; readonly name: string } | null;
  readonly path: readonly Step[];
}

export interface Wanted {
  readonly file: string;
  /** Null: not there. */
  readonly from: Value;
  /** Null: taken out. */
  readonly to: Value;
}

const options = { uniqueKeys: true, version: '1.2', keepSourceTokens: false } as const;

/**
 * The text with one value replaced, added or taken out; every other character stays: comments, quotes, order, indentation. Throws
 * EditRefused when the value is not `from`, or is shared by an anchor, or when anything but it would read otherwise afterwards.
 */
export function setValue(text: string, { object, path }: Selected, wanted: Wanted): string {
  const documents = documentsOf(text, wanted.file);
  const document = pick(documents, object, wanted.file);
  const found = walk(document, path, wanted.file);
  const edited = edit(text, found, wanted);
  check(documents, documentsOf(edited, wanted.file), documents.indexOf(document), found.keys, wanted);
  return edited;
}

function refuse(file: string, words: string): never {
  throw new EditRefused(`${file}: ${words}`);
}

function documentsOf(text: string, file: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, options);
  if (!Array.isArray(documents) || documents.length === 0) return refuse(file, 'holds no document');
  if (documents.some(({ errors }) => errors.length > 0)) return refuse(file, 'is not valid YAML');
  return documents;
}

function pick(documents: readonly Document.Parsed[], object: Selected['object'], file: string): Document.Parsed {
  const named = documents.filter(
    (document) => object === null || (document.getIn(['kind']) === object.kind && document.getIn(['metadata', 'name']) === object.name),
  );
  const [only, ...more] = named;
  if (only === undefined) return refuse(file, `holds no ${object?.kind ?? ''} ${object?.name ?? ''}`);
  return more.length > 0 ? refuse(file, 'holds several documents: say which object is meant') : only;
}

type Keys = readonly (string | number)[];

interface Found {
  readonly keys: Keys;
  readonly parent: Node;
  /** Null: the last key is not there. */
  readonly value: Node | null;
  readonly pair: Pair | null;
}

function walk(document: Document.Parsed, path: readonly Step[], file: string): Found {
  let node: Node | null = document.contents;
  const keys: (string | number)[] = [];
  let found: Found | null = null;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isAlias(node)) return refuse(file, `${words(keys)} is an alias: what it stands for is used elsewhere too`);
    if (anchored(node)) return refuse(file, `${words(keys)} has an anchor: it is used elsewhere too`);
    const key: string | number = isSeq(node)
      ? position(node, step, file, keys)
      : typeof step === 'object'
        ? refuse(file, `${words(keys)} is no list`)
        : step;
    const pair: Pair | null = isMap(node)
      ? (node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) ?? null)
      : null;
    const next: Node | null = isSeq(node)
      ? ((node.items[Number(key)] as Node | undefined) ?? null)
      : ((pair?.value as Node | null | undefined) ?? null);
    if (!isMap(node) && !isSeq(node)) return refuse(file, `${words(keys)} has nothing inside`);
    keys.push(key);
    found = { keys: [...keys], parent: node, value: next, pair };
    if (next === null && !last) return refuse(file, `${words(keys)} is not there`);
    node = next;
  }
  return found ?? refuse(file, 'no path');
}

function position(node: Node, step: Step, file: string, keys: Keys): number {
  if (typeof step === 'number') return step;
  if (typeof step === 'string') return refuse(file, `${words(keys)} is a list`);
  const items = isSeq(node) ? node.items : [];
  const places = items.flatMap((item, index) => (isMap(item) && String(item.get(step.where)) === step.is ? [index] : []));
  const [only] = places;
  if (only === undefined) return refuse(file, `${words(keys)} has nothing whose ${step.where} is ${step.is}`);
  return places.length > 1 ? refuse(file, `${words(keys)} has several whose ${step.where} is ${step.is}`) : only;
}

function words(keys: Keys): string {
  return keys.length === 0 ? 'the document' : keys.join('.');
}

function anchored(node: Node | null): boolean {
  return (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined;
}

function edit(text: string, found: Found, { file, from, to }: Wanted): string {
  const { keys, value, pair } = found;
  if (pair === null && value === null)
    return from === null ? add(text, found, to, file) : refuse(file, `${words(keys)} is not there, expected ${shown(from)}`);
  if (isAlias(value)) return refuse(file, `${words(keys)} is an alias: what it stands for is used elsewhere too`);
  if (!isScalar(value)) return refuse(file, `${words(keys)} is no single value`);
  if (from === null) return refuse(file, `${words(keys)} is ${shown(value.value)}, expected nothing`);
  if (value.value !== from) return refuse(file, `${words(keys)} is ${shown(value.value)}, expected ${shown(from)}`);
  if (anchored(value)) return refuse(file, `${words(keys)} has an anchor: it is used elsewhere too`);
  if (to === null) return remove(text, found, file);
  if (value.type === Scalar.BLOCK_FOLDED || value.type === Scalar.BLOCK_LITERAL) return refuse(file, `${words(keys)} is a block of text`);
  const [start, end] = value.range ?? refuse(file, 'no place');
  return `${text.slice(0, start)}${token(to, value)}${text.slice(end)}`;
}

function shown(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : JSON.stringify(value)?.slice(0, 200);
}

/** In the quotes of what it replaces, as far as these can hold it. */
function token(to: Exclude<Value, null>, like: Scalar | null): string {
  const scalar = new Scalar(to);
  if (typeof to === 'string' && like !== null && (like.type === Scalar.QUOTE_DOUBLE || like.type === Scalar.QUOTE_SINGLE))
    scalar.type = like.type;
  return new Document(scalar).toString({ lineWidth: 0 }).trimEnd();
}

/** Behind the last pair of a block mapping, at its indentation. */
function add(text: string, { keys, parent }: Found, to: Value, file: string): string {
  if (to === null || !isMap(parent)) return refuse(file, `${words(keys)} is not there`);
  const last = parent.items.at(-1);
  if (parent.flow === true || last === undefined)
    return refuse(file, `${words(keys.slice(0, -1))} is written on one line: add to it by hand`);
  const first = (parent.items[0]?.key as Node | undefined)?.range?.[0] ?? 0;
  const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1));
  const end = endOfLine(text, lastCharacter(last, text));
  const key = new Document(new Scalar(String(keys.at(-1)))).toString().trimEnd();
  const before = text.slice(0, end);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${indent}${key}: ${token(to, null)}\n${text.slice(end)}`;
}

/** A pair of one line, with its line. */
function remove(text: string, { keys, parent, pair }: Found, file: string): string {
  const start = (pair?.key as Node | undefined)?.range?.[0];
  if (!isMap(parent) || pair === null || start === undefined || parent.flow === true || (parent as YAMLMap).items.length === 1)
    return refuse(file, `${words(keys)} cannot be taken out without touching more`);
  const line = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(line, start).trim() !== '') return refuse(file, `${words(keys)} cannot be taken out without touching more`);
  return `${text.slice(0, line)}${text.slice(endOfLine(text, lastCharacter(pair, text)))}`;
}

/** Position behind the value of a pair, without the comments and empty lines that follow it. */
function lastCharacter(pair: Pair, text: string): number {
  const range = (pair.value as Node | null)?.range ?? (pair.key as Node).range;
  const end = range?.[1] ?? text.length;
  return Math.max(0, text.slice(0, end).trimEnd().length - 1);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}

/** Read again, exactly the one value differs. */
function check(
  before: readonly Document.Parsed[],
  after: readonly Document.Parsed[],
  index: number,
  keys: Keys,
  { file, to }: Wanted,
): void {
  const expected = before.map((document, at) => {
    const copy = new Document(document.toJS({ maxAliasCount: 100 }));
    if (at !== index) return copy.toJS();
    if (to === null) copy.deleteIn(keys);
    else copy.setIn(keys, to);
    return copy.toJS();
  });
  const actual = after.map((document) => document.toJS({ maxAliasCount: 100 }));
  if (!isDeepStrictEqual(expected, actual)) refuse(file, `${words(keys)} cannot be changed without touching more`);
}
