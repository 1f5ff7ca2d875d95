import { stripVTControlCharacters } from 'node:util';

const controls = /[\p{Cc}\p{Cs}]/gu;
const invisible = /[\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text of a program as a person may see it: no ANSI sequences, carriage returns, control characters, bidi controls or
 * zero-width characters. Line feeds and tabs stay.
 */
export function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replace(controls, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(invisible, '');
}
