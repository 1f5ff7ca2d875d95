import { gunzipSync } from 'node:zlib';
import type { PolicyBundle } from './decide.ts';

/** Bytes of the unpacked archive. The committed bundle is a fortieth of it. */
const largestArchive = 8 * 1024 * 1024;

/** Text up to the first NUL. */
function text(header: Buffer, from: number, to: number): string {
  return header.subarray(from, to).toString('latin1').replace(/\0.*$/s, '');
}

/** One file of an uncompressed ustar archive. */
function fileOfTar(tar: Buffer, name: string): Buffer {
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    const size = Number.parseInt(text(header, 124, 136).replace(/[^0-7]/g, '') || '0', 8);
    if (text(header, 0, 100).replace(/^\//, '') === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`the bundle holds no ${name}`);
}

/** The bundle that `opa build -t wasm` writes (tar.gz). Throws when it is none, lacks a part, or unpacks to more than 8 MiB. */
export function readBundleArchive(archive: Uint8Array): PolicyBundle {
  const tar = gunzipSync(archive, { maxOutputLength: largestArchive });
  return { wasm: fileOfTar(tar, 'policy.wasm'), data: fileOfTar(tar, 'data.json') };
}
