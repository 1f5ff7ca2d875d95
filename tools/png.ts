import { createHash } from 'node:crypto';
import { z } from 'zod';
import { OutputMalformed } from './errors.ts';

/** Of a picture: with its base64 an observation stays below what the API takes in one request. */
export const mostBytes = 150_000;

/** A picture in an observation. It cannot be redacted: only what site or service were configured to show is to be read as one. */
export const Png = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int().positive(),
  /** Of the bytes: what was changed on its way is not shown. */
  sha256: z.string(),
  base64: z.string(),
});
export type Png = z.infer<typeof Png>;

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const end = Buffer.from('0000000049454e44ae426082', 'hex');

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whole, from its signature to its last chunk: https://www.w3.org/TR/png-3/#5PNG-file-signature. Throws OutputMalformed. */
export function pngOf(base64: string): Png {
  const bytes = Buffer.from(base64, 'base64');
  const begins = bytes.subarray(0, 8).equals(signature) && bytes.toString('latin1', 12, 16) === 'IHDR';
  if (!begins) throw new OutputMalformed('what was answered is no PNG: see whether an image renderer is installed');
  if (!bytes.subarray(-12).equals(end)) throw new OutputMalformed('the picture is cut off');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width === 0 || height === 0) throw new OutputMalformed('the picture has no size');
  return { width, height, bytes: bytes.length, sha256: sha256(bytes), base64: bytes.toString('base64') };
}

/** Its bytes; null: they are not what was drawn. */
export function bytesOf(picture: Png): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Buffer.from(picture.base64, 'base64'));
  return sha256(bytes) === picture.sha256 ? bytes : null;
}
