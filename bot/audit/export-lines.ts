import type { StoredEntry } from '../store/audit-list.ts';
import { asciiJson } from './ascii.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function bodyOf(body: Buffer | null): string {
  if (body === null) return '"body":null';
  const text = body.toString('utf8');
  return isJson(text) ? `"body":${text}` : `"body":null,"raw":${JSON.stringify(body.toString('base64'))}`;
}

function wordsOf(words: string | null): string {
  if (words === null) return '';
  return `"disclosures":${isJson(words) ? words : JSON.stringify(words)},`;
}

/**
 * An entry as one line of JSON, in this order: place, leaf hash, words, body. The body is the text that was hashed, so that whoever
 * verifies need not make it again. Without a body: `null`, and in `raw` (base64) what stands in its place.
 */
export function entryLine({ seq, leaf, body, words }: StoredEntry): string {
  return asciiJson(`{"seq":${seq},"leaf":"${leaf}",${wordsOf(words)}${bodyOf(body)}}`);
}
