import type { Span } from '../spans.ts';
import { secretByKey, secretByVariable } from './names.ts';

/** A mapping that is open where the scan stands; `column` is where its keys start. */
interface Block {
  readonly column: number;
  kind: string | null;
  hasVersion: boolean;
  /** An answer of Vault: it has a lease, and a secret as its `data`. */
  leased: boolean;
  name: string | null;
  data: Span[];
}

/** One line: `key` starts at `column`, after list dashes; `value` at `from` without quotes around it. Offsets are of the text. */
interface Line {
  readonly column: number;
  readonly dashed: boolean;
  readonly key: string | null;
  readonly from: number;
  readonly to: number;
}

interface Scan {
  readonly text: string;
  readonly spans: Span[];
  readonly blocks: Block[];
  /** While below `data` or `stringData`: the column of that key, and the column of the keys in it once known. */
  data: { readonly block: Block; readonly column: number; inner: number } | null;
  /** Column of a kubeconfig's `user` key while below it. */
  user: number | null;
}

const shape = /^([ ]*)((?:-[ ]+)*)(?:(["']?)([A-Za-z0-9_.$/ -]{1,253}?)\3:(?:[ \t]+|$))?/;

function unquoted(text: string, from: number, to: number): { from: number; to: number } {
  const first = text[from];
  return to - from >= 2 && (first === '"' || first === "'") && text[to - 1] === first ? { from: from + 1, to: to - 1 } : { from, to };
}

function lineAt(text: string, start: number, end: number): Line | null {
  const raw = text.slice(start, end).trimEnd();
  if (raw.trim() === '') return null;
  const match = shape.exec(raw);
  const column = (match?.[1]?.length ?? 0) + (match?.[2]?.length ?? 0);
  const { from, to } = unquoted(text, start + (match?.[0].length ?? 0), start + raw.length);
  return { column, dashed: (match?.[2] ?? '') !== '', key: match?.[4] ?? null, from, to };
}

/** Settles what a finished mapping held: its own if it is a Secret, its parent's business if it says no kind. */
function settle(scan: Scan, atEnd: boolean): void {
  const block = scan.blocks.pop();
  if (block === undefined) return;
  const cutSecret = atEnd && block.kind === null && block.hasVersion;
  if (block.kind === 'Secret' || block.kind === 'SecretList' || block.leased || cutSecret) scan.spans.push(...block.data);
  else if (block.kind === null) scan.blocks.at(-1)?.data.push(...block.data);
}

function blockOf(scan: Scan, line: Line): Block {
  const leaves = (block: Block): boolean => block.column > line.column || (line.dashed && block.column === line.column);
  for (let top = scan.blocks.at(-1); top !== undefined && leaves(top); top = scan.blocks.at(-1)) settle(scan, false);
  const top = scan.blocks.at(-1);
  if (top !== undefined && top.column === line.column) return top;
  const block: Block = { column: line.column, kind: null, hasVersion: false, leased: false, name: null, data: [] };
  scan.blocks.push(block);
  return block;
}

/** A line below `data`: at the column of its keys the value is secret, deeper (block scalars) the whole line is. */
function onData(scan: Scan, line: Line, start: number): void {
  if (scan.data === null) return;
  if (scan.data.inner === -1) scan.data.inner = line.column;
  const isKey = line.key !== null && line.column === scan.data.inner;
  if (isKey && /^(?:[|>][-+0-9]*|\{\}|null)?$/.test(scan.text.slice(line.from, line.to))) return;
  const from = isKey ? line.from : start + line.column - (line.dashed ? 2 : 0);
  scan.data.block.data.push({ start: from, end: line.to, kind: 'kubernetes-secret' });
}

function onKey(scan: Scan, line: Line, block: Block, key: string): void {
  const value = scan.text.slice(line.from, line.to);
  if (key === 'kind') block.kind = value;
  if (key === 'apiVersion') block.hasVersion = true;
  if (key === 'lease_duration') block.leased = true;
  if (key === 'name') block.name = value;
  if (key === 'user' && value === '') scan.user = line.column;
  if (key === 'data' || key === 'stringData') {
    scan.data = { block, column: line.column, inner: -1 };
    if (value !== '' && value !== '{}' && value !== 'null') block.data.push({ start: line.from, end: line.to, kind: 'kubernetes-secret' });
    return;
  }
  const kind =
    secretByKey(key, value, scan.user !== null) ?? (key === 'value' && block.name !== null ? secretByVariable(block.name, value) : null);
  if (kind !== null) scan.spans.push({ start: line.from, end: line.to, kind });
}

function onLine(scan: Scan, start: number, end: number): void {
  if (scan.text.startsWith('---', start)) {
    endDocument(scan);
    return;
  }
  const line = lineAt(scan.text, start, end);
  if (line === null) return;
  if (scan.data !== null && line.column > scan.data.column) {
    onData(scan, line, start);
    return;
  }
  scan.data = null;
  if (line.key === null) return;
  if (scan.user !== null && line.column <= scan.user) scan.user = null;
  onKey(scan, line, blockOf(scan, line), line.key);
}

function endDocument(scan: Scan): void {
  while (scan.blocks.length > 0) settle(scan, true);
  scan.data = null;
  scan.user = null;
}

/**
 * Finds secrets by structure in YAML, line by line, so that a cut or broken document is read as well: Kubernetes Secrets and
 * lists of them, kubeconfig users, environment variables, telling keys.
 */
export function findYamlSecrets(text: string): Span[] {
  if (!/Secret\b|SecretList|lease_duration|^[ \t-]*user:|client-key-data|^[ \t]*value:/m.test(text)) return [];
  const scan: Scan = { text, spans: [], blocks: [], data: null, user: null };
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    onLine(scan, start, end);
    start = end + 1;
  }
  endDocument(scan);
  return scan.spans;
}
