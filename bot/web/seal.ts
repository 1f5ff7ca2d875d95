import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import type { z } from 'zod';

/** What a browser keeps for us and can neither read nor change (JWE, AES-256-GCM). */
export interface Seal<T> {
  seal(value: T): Promise<string>;
  /** Null: nothing of ours, or too old. */
  open(sealed: string | undefined): Promise<T | null>;
}

export interface SealOptions<T> {
  /** The installation's: 32 bytes. Each purpose gets a key of its own made from it. */
  readonly key: Uint8Array;
  readonly purpose: string;
  readonly schema: z.ZodType<T>;
  readonly seconds: number;
}

export function createSeal<T>({ key, purpose, schema, seconds }: SealOptions<T>): Seal<T> {
  const own = new Uint8Array(hkdfSync('sha256', key, '', `watchkeeper ${purpose}`, 32));
  return {
    seal: (value) =>
      new EncryptJWT({ value }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).setExpirationTime(`${seconds}s`).encrypt(own),
    async open(sealed) {
      if (sealed === undefined) return null;
      try {
        const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'], requiredClaims: ['exp'] };
        return schema.safeParse((await jwtDecrypt(sealed, own, options)).payload['value']).data ?? null;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
