const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What a reader cannot see (control, bidirectional, zero-width characters), written out; newline and tab stay. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/**
 * Text from outside → mrkdwn in which no mention, broadcast or link can be formed: all of them need `<` and `>`.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeText(text: string): string {
  return visible(text).replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}

/** On one line, so that text from outside cannot look like lines of ours. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** `<url|label>` for our own http(s) addresses; the label alone for anything else. */
export function link(url: string | null, label: string): string {
  if (url === null || !/^https?:\/\/[^\s|<>]+$/.test(url)) return escapeText(oneLine(label));
  return `<${url.replaceAll('&', '&amp;')}|${escapeText(oneLine(label)).replaceAll('|', '/')}>`;
}
