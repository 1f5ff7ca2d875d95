import type { Pass, Redacted, Span } from '../spans.ts';

/** Shorter encoded texts hold fewer than 15 bytes; rules need more than that. */
const shortest = 20;

/** Letters, digits and the four signs of both base64 alphabets. */
const alphabet = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0));

function isPrintable(bytes: Buffer): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function decode(encoded: string): string | null {
  if (!isPrintable(Buffer.from(encoded.slice(0, 16), 'base64'))) return null;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length > 0 && isPrintable(bytes) ? bytes.toString('latin1') : null;
}

function isLetter(text: string, at: number): boolean {
  return alphabet[text.charCodeAt(at)] === 1;
}

/** Runs of the alphabet. Looking at the last character of a possible run first skips most of an ordinary text. */
function* runs(text: string): Generator<{ start: number; end: number }> {
  for (let start = 0; start + shortest <= text.length; ) {
    let at = start + shortest - 1;
    while (at >= start && isLetter(text, at)) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + shortest;
    while (end < text.length && isLetter(text, end)) end++;
    yield { start, end };
    start = end + 1;
  }
}

/** Decodes base64 (both alphabets) and masks what holds a secret when decoded. */
export function createEncodedPass(redact: (text: string) => Redacted): Pass {
  return (text) => {
    const spans: Span[] = [];
    for (const { start, end } of runs(text)) {
      const decoded = decode(text.slice(start, end));
      if (decoded !== null && redact(decoded).count > 0) spans.push({ start, end, kind: 'base64' });
    }
    return spans;
  };
}
