import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './index.ts';
import { places, secret } from './places-testing.ts';

// Every credential in this file is made up.
const credential = 'c4n4ry/+"p&ss<w>ord é';
const redactor = createRedactor({ secrets: [credential], placeholderKey: new Uint8Array(32).fill(7) });

function redacted(text: string): string {
  return redactor.text(text).text;
}

it('masks our own service tokens wherever they stand', () => {
  for (const made of [`wk_${'Ab3-_'.repeat(9).slice(0, 43)}`, `wk_${'Ab3de'.repeat(10).slice(0, 49)}`])
    expect(redacted(`the token ${made} was printed`)).toMatch(/^the token \[redacted:service-token:[0-9a-f]{8}\] was printed$/);
  expect(redacted('wk_short stays')).toBe('wk_short stays');
});

describe('exact values', () => {
  const utf8 = Buffer.from(credential);
  const json = JSON.stringify(credential).slice(1, -1);
  const forms: Record<string, string> = {
    plain: credential,
    base64: utf8.toString('base64'),
    base64url: utf8.toString('base64url'),
    'basic auth': Buffer.from(`user:${credential}`).toString('base64'),
    'base64 in the middle': Buffer.from(`ab${credential}cd`).toString('base64'),
    'URL-escaped': encodeURIComponent(credential),
    'form-escaped': new URLSearchParams({ p: credential }).toString().slice(2),
    'JSON-escaped': json,
    'JSON in JSON': JSON.stringify(JSON.stringify(credential)).slice(1, -1),
    hexadecimal: utf8.toString('hex'),
  };
  it.each(Object.entries(forms))('%s: nothing of it is left, wherever it stands', (_, form) => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const out = redacted(`${before} ${form} ${after}`);
        expect(out).not.toContain(form);
        expect(out).toMatch(/\[redacted:[a-z0-9-]+:[0-9a-f]{8}\]/);
      }),
      { numRuns: 40 },
    );
  });

  it('gives equal values equal placeholders, and another key others', () => {
    const other = createRedactor({ secrets: [credential], placeholderKey: new Uint8Array(32).fill(8) });
    expect(redacted(credential)).toBe(redacted(credential));
    expect(redacted(utf8.toString('base64'))).toBe(redacted(credential));
    expect(other.text(credential).text).not.toBe(redacted(credential));
  });

  it('leaves values too short to be credentials alone', () => {
    const short = createRedactor({ secrets: ['', 'a', 'abc'], placeholderKey: new Uint8Array(32) });
    expect(short.text('abc a b c')).toEqual({ text: 'abc a b c', count: 0 });
  });
});

describe('places where a credential stands', () => {
  it.each(Object.entries(places))('%s', (_, text) => {
    const out = redacted(text);
    expect(out).not.toContain(secret);
    expect(out).not.toContain(secret.replaceAll('-', '/'));
    expect(out).not.toContain(Buffer.from(`u:${secret}`).toString('base64'));
    expect(out).toContain('[redacted:');
    expect(out).not.toBe(text);
  });

  it.each(Object.entries(places))('%s, inside a JSON string, a log line and a value', (_, text) => {
    expect(redacted(JSON.stringify({ a: [{ b: text }] }))).not.toContain(secret);
    expect(redacted(`2026-11-23T10:00:00Z INFO ran: ${text}`)).not.toContain(secret);
    expect(JSON.stringify(redactor.value({ a: [{ b: text }] }).value)).not.toContain(secret);
  });
});

it('masks a secret of Vault as its program prints it, and leaves other tables', () => {
  const table = (title: string, row: string) => `${title}Key                 Value\n---                 -----\n${row}`;
  const kv = table('====== Data ======\n', 'mail         Tr0ub4dor-and-3\nnote         two words here\n');
  expect(redacted(kv)).not.toMatch(/Tr0ub4dor|two words/);
  expect(
    redacted(table('', 'lease_duration      768h\nmail                Tr0ub4dor-and-3\nlease_id            database/creds/a/b\n')),
  ).toMatch(/768h[\s\S]*mail {16}\[redacted:vault:[0-9a-f]{8}\][\s\S]*database\/creds/);
  const plain = table('', 'cluster_name        vault-cluster-1\nversion             1.20.4\n');
  expect(redacted(plain)).toBe(plain);
});

describe('what people need to read stays', () => {
  const benign = [
    'checkout-7d9c5b8f6b-x2x7k   0/1     ImagePullBackOff   0          4m12s',
    'Image ID: docker.io/library/nginx@sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31',
    '"uid": "0c9d2f3e-8e0b-4f0e-9d3b-1f1b6a3f9c55", "resourceVersion": "1234567"',
    'pod-template-hash: 7d9c5b8f6b',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 (HEAD -> main)',
    'secretName: checkout-tls',
    'serviceAccountName: checkout',
    'imagePullSecrets: [{"name": "registry"}]',
    '        secretKeyRef: {name: db, key: password}',
    "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
    'password:  16 bytes',
    "Access denied for user 'app'@'10.0.0.7' (using password: YES)",
    'http_requests_total{namespace="shop",service="checkout",code="500"} 1532 @1763942400.123',
    'container_memory_working_set_bytes{pod="checkout-7d9c5b8f6b-x2x7k",id="/kubepods/burstable/pod0c9d2f3e"} 1.3e+08',
    'https://registry:4873/@scope/pkg and http://checkout.shop.svc.cluster.local:8080/healthz',
    'the token expired; token: expired, secret: missing, key: value',
    'kubectl.kubernetes.io/restartedAt: "2026-11-23T10:00:00Z"',
    'E1123 10:00:00.000000 1 reflector.go:147] failed to list *v1.Secret: secrets is forbidden',
    'https://shop.example/callback?state=open&sig=none&signature=short',
    'costs $5$ and $6$ more; {SHA} of the image: sha256:0d17b565',
    'max_tokens: 4096, tokenizer: cl100k_base, keyspace_hits:12',
  ];
  it.each(benign)('%s', (line) => {
    expect(redacted(line)).toBe(line);
  });
});

describe('properties', () => {
  const word = fc.constantFrom(
    'password',
    'token',
    'Authorization:',
    'Bearer',
    '--password',
    'kind: Secret',
    'data:',
    'stringData:',
    '"kind":"Secret"',
    '{',
    '}',
    '"',
    '\\"',
    ':',
    '=',
    '\n',
    ' ',
    '  ',
    'postgres://a:',
    '@host',
    'AKIAIOSFODNN7ABCDEFG',
    'hunter22abc',
    credential,
    '[redacted:token:0123abcd]',
    '[redacted:',
    'eyJhbGciOiJIUzI1NiJ9',
    'value:',
    'name: DB_PASSWORD',
    '- ',
    '\uE000',
    '\uD800',
  );
  const texts = fc.array(fc.oneof(word, fc.string({ maxLength: 12 })), { maxLength: 30 }).map((parts) => parts.join(''));

  it('redacted again, a text stays as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = redacted(text);
        expect(redactor.text(once)).toEqual({ text: once, count: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it('redacted again, a value stays as it is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue().chain((value) =>
          fc.record({
            value: fc.constant(value),
            password: texts,
            token: texts,
            data: fc.dictionary(word, texts),
            kind: fc.constantFrom('Secret', 'ConfigMap'),
          }),
        ),
        (value) => {
          const once = redactor.value(value).value;
          expect(redactor.value(once)).toEqual({ value: once, count: 0 });
        },
      ),
    );
  });

  it('changes strings of a JSON value only: its shape stays', () => {
    const shape = (value: unknown): unknown => {
      if (typeof value === 'string') return 'string';
      if (Array.isArray(value)) return value.map(shape);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]));
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        expect(shape(redactor.value(json).value)).toEqual(shape(json));
      }),
    );
  });

  it('takes anything without throwing', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(redactor.value(cyclic).value).toEqual({ self: '[circular]' });
    expect(redactor.value(new Error(`failed with ${credential}`)).value).toMatchObject({
      message: expect.stringContaining('[redacted:credential:'),
    });
    fc.assert(fc.property(fc.anything(), (value) => void redactor.value(value)));
  });
});
