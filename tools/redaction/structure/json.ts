import type { Pass, Redacted, Span } from '../spans.ts';
import { secretByKey, secretByVariable } from './names.ts';

/** An object or array that is open where the scan stands. */
interface Frame {
  readonly object: boolean;
  /** The object whose `data` or `stringData` this is, or lies in. */
  readonly secretOf: Frame | null;
  /** The value of a kubeconfig's `user` key, or below it. */
  readonly user: boolean;
  expectKey: boolean;
  key: string;
  kind: string | null;
  /** An answer of Vault: it has a lease, and a secret as its `data`. */
  leased: boolean;
  name: string | null;
  value: { readonly span: Span; readonly text: string } | null;
  /** Strings that are secret if this object turns out to be a Secret: its kind may come after its data. */
  data: Span[];
}

interface Scan {
  readonly blanked: string;
  readonly text: string;
  readonly redact: (text: string) => Redacted;
  readonly spans: Span[];
  readonly stack: Frame[];
}

function open(scan: Scan, object: boolean): void {
  const parent = scan.stack.at(-1);
  const startsData = parent?.object === true && (parent.key === 'data' || parent.key === 'stringData');
  const secretOf = parent === undefined ? null : (parent.secretOf ?? (startsData ? parent : null));
  const user = parent !== undefined && (parent.user || parent.key === 'user');
  scan.stack.push({ object, secretOf, user, expectKey: object, key: '', kind: null, leased: false, name: null, value: null, data: [] });
}

/** Settles what a closed object held. `cut`: the text ended or broke off inside it, so that an unknown kind may be Secret. */
function close(scan: Scan, cut: boolean): void {
  const frame = scan.stack.pop();
  if (frame === undefined) return;
  if (frame.name !== null && frame.value !== null) {
    const kind = secretByVariable(frame.name, frame.value.text);
    if (kind !== null) scan.spans.push({ ...frame.value.span, kind });
  }
  const unknown = frame.kind === null;
  if (frame.kind === 'Secret' || frame.kind === 'SecretList' || frame.leased || (unknown && cut)) scan.spans.push(...frame.data);
  else if (unknown) scan.stack.at(-1)?.data.push(...frame.data);
}

/** Offset of the closing quote of the string that starts before `from`, or of the text's end. */
function endOfString(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i++;
    else if (code === 0x22) return i;
  }
  return text.length;
}

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

function nestedSpan(scan: Scan, start: number, end: number): Span | null {
  const raw = scan.text.slice(start, end);
  if (!raw.includes('\\')) return null;
  const plain = unescaped(raw);
  if (plain === raw) return null;
  const redacted = scan.redact(plain);
  return redacted.count === 0 ? null : { start, end, kind: 'json', replacement: JSON.stringify(redacted.text).slice(1, -1) };
}

function onValue(scan: Scan, frame: Frame, start: number, end: number): void {
  const span: Span = { start, end, kind: 'kubernetes-secret' };
  if (frame.secretOf !== null) frame.secretOf.data.push(span);
  const text = unescaped(scan.blanked.slice(start, end));
  if (frame.object && frame.key === 'kind') frame.kind = text;
  if (frame.object && frame.key === 'name') frame.name = text;
  if (frame.object && frame.key === 'value') frame.value = { span, text };
  const kind = frame.object ? secretByKey(frame.key, text, frame.user) : null;
  const found = kind === null ? nestedSpan(scan, start, end) : { ...span, kind };
  if (found !== null) scan.spans.push(found);
}

function onString(scan: Scan, start: number, end: number): void {
  const frame = scan.stack.at(-1);
  if (frame === undefined) return;
  if (!frame.object || !frame.expectKey) {
    onValue(scan, frame, start, end);
    return;
  }
  frame.key = unescaped(scan.blanked.slice(start, end));
  if (frame.key === 'lease_duration') frame.leased = true;
}

function abandon(scan: Scan): void {
  while (scan.stack.length > 0) close(scan, true);
}

const isFiller = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const isLiteral = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || code === 0x2b || code === 0x2d || code === 0x2e || code === 0x45;

/** Reads what starts at `i`; returns where to go on. Whatever is not JSON ends what is open. */
function step(scan: Scan, i: number): number {
  const code = scan.blanked.charCodeAt(i);
  const frame = scan.stack.at(-1);
  if (frame === undefined) {
    const next = scan.blanked.indexOf('{', i);
    if (next === -1) return scan.blanked.length;
    open(scan, true);
    return next + 1;
  }
  if (isFiller(code) || isLiteral(code)) return i + 1;
  if (code === 0x22) {
    const end = endOfString(scan.blanked, i + 1);
    onString(scan, i + 1, end);
    return end + 1;
  }
  if (code === 0x3a) frame.expectKey = false;
  else if (code === 0x2c) frame.expectKey = frame.object;
  else if (code === 0x7b || code === 0x5b) open(scan, code === 0x7b);
  else if (code === 0x7d || code === 0x5d) close(scan, false);
  else abandon(scan);
  return i + 1;
}

/**
 * Finds secrets by structure in any JSON that a text holds, cut off or not: Kubernetes Secrets and lists of them, kubeconfig
 * users, environment variables, telling keys, and documents within strings (last-applied-configuration).
 */
export function createJsonPass(redact: (text: string) => Redacted): Pass {
  return (blanked, text) => {
    const scan: Scan = { blanked, text, redact, spans: [], stack: [] };
    if (!blanked.includes('{') || !/Secret|lease_duration|"user"|\\|password|token|"value"/i.test(blanked)) return [];
    for (let i = 0; i < blanked.length; ) i = step(scan, i);
    abandon(scan);
    return scan.spans;
  };
}
