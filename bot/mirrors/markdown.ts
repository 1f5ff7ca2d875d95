/** What can open a Markdown construct, an HTML tag, an entity or a mention within a line. */
const special = /[\\`*_{}[\]<>#|~@!&]/g;

/** What would begin a list or a heading at the start of a line. */
const leading = /^(\s*)([-+=]|\d+[.)])/;

/** Control and bidirectional characters, which could make a text look like another one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** What makes a link or a mention of plain text, and `SRE-12`, which Linear turns into a link to that issue. */
const linking = /@|:(?=\/\/)|[wW]{3}(?=\.)|[mM]ailto(?=:)|\b[A-Z][A-Z0-9]{0,6}(?=-\d)/g;

/** Invisible; keeps the two sides of it from being read as one. */
const wordJoiner = '\u2060';

function oneLine(text: string, limit: number): string {
  const line = text.toWellFormed().replaceAll(/\s+/g, ' ').replaceAll(unseen, '').trim();
  return line.length > limit
    ? `${line
        .slice(0, limit - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`
    : line;
}

/** For places that show plain text: one line without links and mentions, cut at `limit` characters. */
export function plain(text: string, limit = 500): string {
  return oneLine(text, limit).replaceAll(linking, `$&${wordJoiner}`);
}

/** Text from outside as Markdown that shows the same text and does nothing else. One line; cut at `limit` characters before it is escaped. */
export function inert(text: string, limit = 500): string {
  return plain(text, limit).replaceAll(special, '\\$&').replace(leading, '$1\\$2');
}
