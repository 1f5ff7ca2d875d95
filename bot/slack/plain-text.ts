const named: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

function reference(inner: string): string {
  const [target = '', label] = inner.split('|', 2);
  if (target.startsWith('@')) return label === undefined ? target : `@${label}`;
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
  if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`;
  return label === undefined || label === target ? target : `${label} (${target})`;
}

/** Text as Slack delivers it → what the person typed: references as words, entities decoded. https://docs.slack.dev/messaging/formatting-message-text#parsing */
export function plainText(slackText: string): string {
  return slackText
    .replaceAll(/<([^<>]*)>/g, (_, inner: string) => reference(inner))
    .replaceAll(/&(?:amp|lt|gt);/g, (entity) => named[entity] ?? entity);
}

/** What is said to the bot: without its own mention at either end. */
export function withoutMention(slackText: string, botUser: string): string {
  const mention = `<@${botUser}(?:\\|[^>]*)?>`;
  return slackText.replace(new RegExp(`^\\s*${mention}[\\s:,]*`), '').replace(new RegExp(`\\s*${mention}\\s*$`), '');
}
