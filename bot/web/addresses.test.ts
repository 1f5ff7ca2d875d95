import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostsOnly, hostsOnlyIn } from './addresses.ts';

test.each([
  ['https://hooks.chat.example/services/T0/B0/made-up-token', 'https://hooks.chat.example/…'],
  ['https://metrics.example/token/made-up/api', 'https://metrics.example/…'],
  ['https://metrics.example:8443', 'https://metrics.example:8443'],
  ['https://metrics.example/', 'https://metrics.example'],
  ['https://a.example?sig=made-up', 'https://a.example/…'],
  ['https://made-up@a.example', 'https://a.example/…'],
  ['postgres://u:made-up@db.example/x', 'postgres://db.example/…'],
  ['http://[bad/made-up', 'http://…'],
  ['first https://a.example/made-up, then https://b.example/made-up', 'first https://a.example/… then https://b.example/…'],
  ['/etc/watchkeeper/kubeconfig', '/etc/watchkeeper/kubeconfig'],
])('%s is shown as %s', (text, shown) => {
  expect(hostsOnly(text)).toBe(shown);
});

test('no path or query of an address is left, wherever it stands', () => {
  const secret = fc.stringMatching(/^[a-z0-9]{12}$/).map((word) => `tok${word}`);
  fc.assert(
    fc.property(secret, fc.constantFrom('/', '/a/', '/?t=', '/#', '?', '//x/', '/%2f'), fc.anything(), (token, before, other) => {
      const value = { url: `https://a.example${before}${token}`, list: [{ text: `see http://b.example${before}${token} now` }], other };
      expect(JSON.stringify(hostsOnlyIn(value), (_key, each) => (typeof each === 'bigint' ? String(each) : each))).not.toContain(token);
    }),
    { numRuns: 200 },
  );
});
