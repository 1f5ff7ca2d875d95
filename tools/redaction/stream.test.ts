import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './index.ts';
import { createRedactionStream } from './stream.ts';

// Every credential in this file is made up.
const secret = 'Tr0ub4dor-and-3';
const redactor = createRedactor({ secrets: [secret], placeholderKey: new Uint8Array(32).fill(7) });
const unknown = createRedactor({ secrets: [], placeholderKey: new Uint8Array(32).fill(7) });

function streamed(text: string, cuts: readonly number[], by = redactor): string {
  const stream = createRedactionStream(by);
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  const pieces = [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length));
  return pieces.map((piece) => stream.push(piece)).join('') + stream.end();
}

const plain = '2026-11-23T10:00:00Z level=info msg="served" status=200';
/** What a text is made of: lines that stand alone, and blocks whose secret only several of their lines tell. */
const block = fc.constantFrom(
  plain,
  '',
  'apiVersion: v1\ndata:\n  mail: aHVudGVyMjJhYmM=\n  note: |\n    many words\nkind: Secret\nmetadata:\n  name: a\n---',
  'kind: Secret\napiVersion: v1\n\nstringData:\n  mail: hunter22abc\n---',
  '{\n  "kind": "Secret",\n  "data": {\n    "mail": "aHVudGVyMjJhYmM="\n  }\n}',
  'env:\n- name: DB_PASSWORD\n  value: hunter22abc\n---',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJK\n-----END RSA PRIVATE KEY-----',
  `====== Data ======\nKey         Value\n---         -----\nmail        ${secret}\n`,
  `postgres://app:${secret}@db:5432/shop`,
  `helm upgrade --password \\\n  ${secret}`,
);
const texts = fc.array(block, { maxLength: 8 }).map((blocks) => blocks.join('\n'));

describe('a text in pieces', () => {
  it('gives the same output however it is split', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 }), (text, cuts) => {
        expect(streamed(text, cuts)).toBe(streamed(text, []));
      }),
      { numRuns: 300 },
    );
  });

  it('loses what only several of its lines together tell to be a secret', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 }), (text, cuts) => {
        expect(streamed(text, cuts, unknown)).not.toMatch(/aHVudGVyMjJhYmM|hunter22abc|Tr0ub4dor|MIIEow/);
      }),
      { numRuns: 300 },
    );
  });

  it('comes out line by line while nothing is open, and waits while something is', () => {
    const stream = createRedactionStream(redactor);
    expect(stream.push('served a\nserved b\nserv')).toBe('served a\n');
    expect(stream.push('ed c\n')).toBe('served b\n');
    expect(stream.push('kind: Secret\ndata:\n  a: b\nmore: c\n')).toBe('served c\n');
    expect(stream.end()).toMatch(/^kind: Secret\ndata:\n {2}a: \[redacted:kubernetes-secret:/);
  });

  it('is withheld, and says so, where a document is too long to be checked as a whole', () => {
    const stream = createRedactionStream(redactor);
    const out = stream.push(`kind: List\ndata:\n${'  mail: hunter22abc\n'.repeat(20_000)}`) + stream.push('---\nserved\n') + stream.end();
    expect(out).toMatch(/^\[withheld: too long [^\]]+\]\n---\nserved\n$/);
  });
});
