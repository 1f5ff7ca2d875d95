import { blankChar, type Placeholder } from './placeholder.ts';

/** A secret in a text: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  /** What the placeholder's digest is made of, where it is not the text itself (an encoded form of a known value). */
  readonly identity?: string;
  /** Stands in place of a placeholder: the redacted form of a nested document. */
  readonly replacement?: string;
}

export interface Redacted {
  readonly text: string;
  readonly count: number;
}

/** Overlapping spans become one, so that nothing of either is left. */
function merge(spans: readonly Span[]): Span[] {
  const sorted = spans.filter((span) => span.end > span.start).sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) {
      merged.push(span);
      continue;
    }
    if (last.replacement === undefined && span.end <= last.end) continue;
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end), kind: last.kind };
  }
  return merged;
}

/** The parts of a span that are not placeholders already. Punctuation between two placeholders is no secret. */
function unmasked(span: Span, blanked: string): Span[] {
  const content = blanked.slice(span.start, span.end);
  if (!content.includes(blankChar)) return [span];
  if (span.replacement !== undefined) return [span];
  const parts: Span[] = [];
  for (const match of content.matchAll(/[^\uE000]+/g)) {
    if (!/[\p{L}\p{N}]/u.test(match[0])) continue;
    const start = span.start + match.index;
    parts.push({ start, end: start + match[0].length, kind: span.kind });
  }
  return parts;
}

/** Replaces the spans. `blanked` is the text with its placeholders blanked. */
export function applySpans(text: string, blanked: string, spans: readonly Span[], placeholder: Placeholder): Redacted {
  if (spans.length === 0) return { text, count: 0 };
  const parts = merge(spans).flatMap((span) => unmasked(span, blanked));
  let out = '';
  let at = 0;
  for (const part of parts) {
    const secret = text.slice(part.start, part.end);
    out += text.slice(at, part.start) + (part.replacement ?? placeholder(part.kind, part.identity ?? secret));
    at = part.end;
  }
  return { text: out + text.slice(at), count: parts.length };
}

/** Finds secrets. `blanked` is the text with its placeholders blanked; offsets in both agree. */
export type Pass = (blanked: string, text: string) => Span[];
