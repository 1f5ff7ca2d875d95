/**
 * A pattern that starts at a keyword's first character. Regular expressions here are sticky and read one line or a fixed
 * number of characters, so that their work is bounded whatever the text.
 */
export interface Pattern {
  readonly kind: string;
  readonly keywords: readonly string[];
  readonly regex: RegExp;
  /** Whether the group `value` is a secret. */
  accepts(value: string): boolean;
}

export function sticky(source: string): RegExp {
  return new RegExp(source, 'iy');
}
