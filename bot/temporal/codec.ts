import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const Proto = proto.temporal.api.common.v1.Payload;
const encoding = 'binary/encrypted';
const nonceBytes = 12;
const tagBytes = 16;

/** A payload that cannot be read with the keys at hand. */
export class PayloadUnreadable extends Error {
  readonly code = 'payload_unreadable';
  constructor(reason: string, options?: ErrorOptions) {
    super(`a workflow payload cannot be decrypted: ${reason}`, options);
    this.name = 'PayloadUnreadable';
  }
}

/** First eight hexadecimal digits of the key's SHA-256: tells keys apart without telling them. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/**
 * AES-256-GCM over the whole serialised payload, bound to the namespace: workflow histories hold nothing readable.
 * The first key encrypts; all decrypt, so that keys can be rotated.
 */
export function createPayloadCodec(keys: readonly Uint8Array[], namespace: string): PayloadCodec {
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const current = keys[0];
  if (current === undefined) throw new PayloadUnreadable('no key is configured');
  const aad = utf8(namespace);

  function encrypt(payload: Payload): Payload {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', current as Uint8Array, nonce);
    cipher.setAAD(aad);
    const body = Buffer.concat([cipher.update(Proto.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { encoding: utf8(encoding), 'encryption-key-id': utf8(keyId(current as Uint8Array)) },
      data: Buffer.concat([nonce, cipher.getAuthTag(), body]),
    };
  }

  function decrypt(payload: Payload): Payload {
    const metadata = payload.metadata ?? {};
    if (Buffer.from(metadata['encoding'] ?? '').toString() !== encoding) return payload;
    const id = Buffer.from(metadata['encryption-key-id'] ?? '').toString();
    const key = byId.get(id);
    if (key === undefined) throw new PayloadUnreadable(`it was written with key ${id}, which is not configured (PAYLOAD_KEY)`);
    const data = Buffer.from(payload.data ?? []);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(aad);
      decipher.setAuthTag(data.subarray(nonceBytes, nonceBytes + tagBytes));
      return Proto.decode(Buffer.concat([decipher.update(data.subarray(nonceBytes + tagBytes)), decipher.final()]));
    } catch (error) {
      throw new PayloadUnreadable('it was changed, or belongs to another namespace', { cause: error });
    }
  }

  return {
    encode: async (payloads) => payloads.map(encrypt),
    decode: async (payloads) => payloads.map(decrypt),
  };
}
