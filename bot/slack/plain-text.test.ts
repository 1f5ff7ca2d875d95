import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, visible } from '../../blocks/escape.ts';
import { plainText, withoutMention } from './plain-text.ts';

test('references become what the person saw', () => {
  expect(
    plainText('<@U1> <@U1|bob> <#C1|ops> <!here> <!subteam^S1|@sre> <https://a.example|docs> <https://a.example> a &lt; b &amp;lt;'),
  ).toBe('@U1 @bob #ops @here @sre docs (https://a.example) https://a.example a < b &lt;');
});

test('it undoes what Slack’s escaping does', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => plainText(escapeText(text)) === visible(text)));
});

test('the bot’s own mention goes at either end, others stay', () => {
  expect(withoutMention('<@UBOT>: is <@UBOT> slow? <@UBOT>', 'UBOT')).toBe('is <@UBOT> slow?');
  expect(withoutMention('<@UBOT|wk>', 'UBOT')).toBe('');
});
