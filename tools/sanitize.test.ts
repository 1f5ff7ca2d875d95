import { describe, expect, it } from 'vitest';
import { createRedactor } from './redaction/redactor.ts';
import { createSanitizer } from './sanitize.ts';

/** Made up. */
const secret = 'made-up-'.repeat(250);

function sanitizer(): ReturnType<typeof createSanitizer> {
  return createSanitizer(createRedactor({ secrets: [secret], placeholderKey: new Uint8Array(32) }));
}

describe('createSanitizer', () => {
  it('shows no part of a secret that what is kept ends in, even where other secrets made the text short', () => {
    const { text, truncated } = sanitizer().output(`${`${secret}\n`.repeat(20)}${'x'.repeat(880)}${secret}${'y'.repeat(50_000)}`);
    expect(truncated).toBe(true);
    expect(text).not.toContain('made-up');
  });

  it('keeps short output whole, and says what it cut of long output', () => {
    expect(sanitizer().output('a\u001b[1mb\n')).toEqual({ text: 'ab\n', truncated: false });
    const { text, truncated } = sanitizer().output('x'.repeat(100_000));
    expect([truncated, text.length < 33_000, text.endsWith('… output cut here: it has 100000 characters')]).toEqual([true, true, true]);
  });

  it('of a log keeps the end, and no part of a secret that it begins in', () => {
    // The cut, 8,192 before what is kept, goes through the first secret.
    const rest = `${'x'.repeat(29_951)}${`\n${secret}`.repeat(5)}last`;
    const { text, truncated } = sanitizer().output(`${'y'.repeat(50_000)}${secret}${rest}`, 'end');
    expect([truncated, text.startsWith('… output cut here: it has '), text.endsWith('last')]).toEqual([true, true, true]);
    expect(text).not.toContain('made-up');
    expect(sanitizer().output('x'.repeat(100_000), 'end').text.length).toBeLessThan(33_000);
  });

  it('cleans and redacts the strings of a value, and counts', () => {
    const one = sanitizer();
    expect(JSON.stringify(one.value({ list: [{ text: `\u202e${secret}` }], number: 1 }))).toMatch(
      /^\{"list":\[\{"text":"\[redacted:[^"]*"\}\],"number":1\}$/,
    );
    one.text(secret);
    expect(one.redactions()).toBe(2);
  });
});
