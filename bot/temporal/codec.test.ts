import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPayloadCodec } from './codec.ts';

const [oldKey, newKey, otherKey] = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill)) as [Uint8Array, Uint8Array, Uint8Array];
const codec = createPayloadCodec([oldKey], 'default');

const payload = (text: string): Payload => ({
  metadata: { encoding: new TextEncoder().encode('json/plain') },
  data: new TextEncoder().encode(text),
});
const textOf = (one: Payload | undefined) => Buffer.from(one?.data ?? []).toString();

async function encode(text: string): Promise<Payload> {
  const [one] = await codec.encode([payload(text)]);
  if (one === undefined) throw new Error('nothing came back');
  return one;
}

test('what goes in comes out, and nothing of it can be read in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string(), async (data, name) => {
      const before = { metadata: { encoding: Buffer.from('binary/plain'), name: Buffer.from(name) }, data };
      const encrypted = await codec.encode([before]);
      const [after] = await codec.decode(encrypted);
      expect(Buffer.from(after?.data ?? [])).toEqual(Buffer.from(data));
      expect(Buffer.from(after?.metadata?.['name'] ?? []).toString()).toBe(Buffer.from(name).toString());
      if (data.length >= 8) expect(Buffer.from(encrypted[0]?.data ?? []).includes(Buffer.from(data))).toBe(false);
    }),
  );
});

test('equal payloads differ when encrypted', async () => {
  expect((await encode('same')).data).not.toEqual((await encode('same')).data);
});

test('after a rotation the old key still reads, and the new one writes', async () => {
  const rotated = createPayloadCodec([newKey, oldKey], 'default');
  expect(textOf((await rotated.decode([await encode('before')]))[0])).toBe('before');
  await expect(codec.decode(await rotated.encode([payload('after')]))).rejects.toMatchObject({ code: 'payload_unreadable' });
});

test('what another program wrote in plain passes as it is', async () => {
  expect(await codec.decode([payload('plain')])).toEqual([payload('plain')]);
});

describe('nothing is read', () => {
  test('with another key: the words say which', async () => {
    const reading = createPayloadCodec([otherKey], 'default').decode([await encode('secret')]);
    await expect(reading).rejects.toThrow(/written with key [0-9a-f]{8}, which is not configured \(PAYLOAD_KEY\)/);
  });

  test('in another namespace', async () => {
    await expect(createPayloadCodec([oldKey], 'elsewhere').decode([await encode('secret')])).rejects.toThrow('another namespace');
  });

  test('after any change of any byte', async () => {
    const one = await encode('a value worth changing');
    const data = Buffer.from(one.data ?? []);
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(data);
        changed[at] = (changed[at] ?? 0) ^ mask;
        await expect(codec.decode([{ ...one, data: changed }])).rejects.toMatchObject({ code: 'payload_unreadable' });
      }),
    );
  });

  test('when it is cut short', async () => {
    const one = await encode('a value');
    for (const length of [0, 5, 12, 20, 28])
      await expect(codec.decode([{ ...one, data: Buffer.from(one.data ?? []).subarray(0, length) }])).rejects.toMatchObject({
        code: 'payload_unreadable',
      });
  });
});

test('there is no codec without a key', () => {
  expect(() => createPayloadCodec([], 'default')).toThrow('no key is configured');
});
