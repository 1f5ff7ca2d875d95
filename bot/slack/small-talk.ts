/** What people say to a helper without asking for anything. Every phrase is whole: `help, checkout is down` is none. */
const phrases = [
  '(?:please )?help(?: me)?(?: please)?',
  'usage|commands',
  'who are you|how are you|what can you do|what do you do|how does this work',
  'h(?:i|ello|ey)(?: (?:there|all|everyone|team|again))?|hiya|yo|good (?:morning|afternoon|evening|day)',
  '(?:many )?thanks(?: (?:a lot|so much|very much|again))?|thx|ty|cheers|thank you(?: (?:so much|very much|again))?',
  'ok(?:ay)?|k|great|cool|nice|perfect|good (?:job|work|bot)|well done|got it|bye|goodbye|good night|never ?mind|you(?: re|re)? welcome',
  'watch ?keeper|bot',
];
const said = new RegExp(`^(?:(?:${phrases.join('|')})(?: |$))*$`);

/** `:wave:`, `:+1::skin-tone-2:`: how Slack writes an emoji. */
const emojiName = /:[a-z0-9_+'-]+:/g;

/** Nothing but a greeting, thanks, a call for help, signs or emoji: nothing to investigate. In any case. */
export function isSmallTalk(text: string): boolean {
  // Longer is a report, whatever it begins with; and the expression has little to try.
  if (text.length > 100) return false;
  const words = text
    .toLowerCase()
    .replaceAll(emojiName, ' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return said.test(words);
}
