import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBundleArchive } from './archive.ts';

/** A ustar entry with the fields that are read. */
function entry(name: string, body: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write(`${body.length.toString(8).padStart(11, '0')} `, 124, 'latin1');
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

test('both parts are found, whatever else is there and however long they are', () => {
  const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes, bytes, bytes, (wasm, data, other) => {
      const tar = Buffer.concat([entry('/data.json', data), entry('/x/policy.wasm', other), entry('/policy.wasm', wasm)]);
      const read = readBundleArchive(gzipSync(tar));
      expect(Buffer.from(read.wasm)).toEqual(wasm);
      expect(Buffer.from(read.data)).toEqual(data);
    }),
  );
});

test('what is no archive, lacks a part, or is a bomb is refused', () => {
  expect(() => readBundleArchive(Buffer.from('no archive'))).toThrow();
  expect(() => readBundleArchive(gzipSync(entry('/policy.wasm', Buffer.alloc(10))))).toThrow('holds no data.json');
  expect(() => readBundleArchive(gzipSync(Buffer.alloc(64 * 1024 * 1024)))).toThrow();
});

test('any bytes are read in bounded time, or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
      expect(() => readBundleArchive(gzipSync(bytes))).toThrow('the bundle holds no policy.wasm');
    }),
  );
});
