import { createAutomaton } from './automaton.ts';
import type { Span } from './spans.ts';

/** Shorter values would mask ordinary words; a credential that short protects nothing. */
const shortest = 4;

/** Base64 of the value at each of the three places it can have within a longer encoded text, without the characters it shares with neighbours. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const encoded = padded.toString('base64').replace(/=+$/, '');
    const shared = padded.length % 3 === 0 ? 0 : 1;
    const inner = encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - shared);
    return offset === 0 ? [padded.toString('base64'), encoded, inner] : [inner];
  });
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Go's encoding/json escapes these three too. */
function goEscaped(value: string): string {
  return jsonEscaped(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

function urlForms(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const strict = encoded.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (c) => c.toLowerCase());
  return [encoded, strict, strict.replaceAll('%20', '+'), lower(encoded), lower(strict)];
}

/** Every form in which a known value is looked for. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = [jsonEscaped(secret), goEscaped(secret), jsonEscaped(jsonEscaped(secret)), goEscaped(goEscaped(secret))];
  const hex = bytes.toString('hex');
  const forms = [secret, ...base64Forms(bytes), ...urlForms(secret), ...json, hex, hex.toUpperCase()];
  return [...new Set(forms)].filter((form) => form.length >= shortest);
}

/** Looks for the exact values of credentials, in their usual encodings. */
export function createExactPass(secrets: readonly string[]): (text: string) => Span[] {
  const identities: string[] = [];
  const forms: string[] = [];
  for (const secret of new Set(secrets.filter((value) => value.length >= shortest))) {
    for (const form of formsOf(secret)) {
      forms.push(form);
      identities.push(secret);
    }
  }
  if (forms.length === 0) return () => [];
  const automaton = createAutomaton(forms, false);
  return (text) => {
    const spans: Span[] = [];
    automaton.scan(text, (word, end) => {
      const start = end - (forms[word]?.length ?? 0);
      spans.push({ start, end, kind: 'credential', identity: identities[word] ?? '' });
    });
    return spans;
  };
}
