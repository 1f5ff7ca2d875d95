import { plain } from '../markdown.ts';
import type { Words } from '../words.ts';

/** Plain text of a note; its last line is the key by which it is found again. */
export function note(words: Words, key: string): string {
  return [plain(words.headline), ...words.fields.map((field) => `${plain(field.name)}: ${plain(field.value, 2_000)}`), key].join('\n');
}
