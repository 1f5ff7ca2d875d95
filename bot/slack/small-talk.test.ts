import { expect, test } from 'vitest';
import { isSmallTalk } from './small-talk.ts';

test.each([
  '',
  '?',
  'help',
  'HELP!!',
  'Hi there :wave:',
  'hello 👋',
  'thanks!',
  'Thank you so much :+1::skin-tone-2:',
  'ok, thanks',
  '👍',
  'okay…',
])('%j asks for nothing', (text) => expect(isSmallTalk(text)).toBe(true));

test.each([
  'help, checkout is down',
  'thanks to the last deploy checkout fails',
  'ok is missing in the answer of checkout',
  'hi, checkout returns errors since 14:00',
  'checkout?',
  'is checkout ok',
  'エラー',
  '500',
])('%j is looked into', (text) => expect(isSmallTalk(text)).toBe(false));
