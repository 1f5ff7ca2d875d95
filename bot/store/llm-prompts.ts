import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256Hex } from '../../tools/canonical.ts';
import { type Db, sql } from './sql.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** `key`: PAYLOAD_KEY. Prompts get a key of their own made from it. */
function promptKey(key: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', 'watchkeeper llm prompts', 32));
}

function seal(key: Uint8Array, id: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, id: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(sealed.length - tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]).toString('utf8');
}

const Sealed = z.object({ sealed: z.instanceof(Buffer) });

export interface LlmPrompts {
  /** Content-addressed: answers the SHA-256 of the text. `text` is redacted. Forgets what is past its time. */
  put(incidentId: string, text: string): Promise<string>;
  /** Null: there is none, or not any more. Throws when it was written with another key. */
  get(id: string): Promise<{ readonly incidentId: string; readonly at: string; readonly text: string } | null>;
}

export interface LlmPromptsOptions {
  readonly db: Db;
  readonly key: Uint8Array;
  readonly days: number;
  readonly now: () => Date;
}

/** Exactly what was sent to a language model, for those who may read it. */
export function createLlmPrompts({ db, key, days, now }: LlmPromptsOptions): LlmPrompts {
  const own = promptKey(key);
  return {
    async put(incidentId, text) {
      const id = sha256Hex(text);
      const at = now();
      const expires = new Date(at.getTime() + days * 24 * 60 * 60 * 1_000);
      await db.query(sql.typeAlias('none')`DELETE FROM llm_prompts WHERE expires_at <= ${at.toISOString()}`);
      await db.query(sql.typeAlias('none')`
        INSERT INTO llm_prompts (id, incident_id, sealed, at, expires_at)
        VALUES (${id}, ${incidentId}, ${sql.binary(seal(own, id, text))}, ${at.toISOString()}, ${expires.toISOString()})
        ON CONFLICT (id) DO NOTHING
      `);
      return id;
    },
    async get(id) {
      const Row = Sealed.extend({ incidentId: z.string(), at: z.string() });
      const row = await db.maybeOne(sql.type(Row)`
        SELECT incident_id AS "incidentId", at, sealed FROM llm_prompts WHERE id = ${id} AND expires_at > ${now().toISOString()}
      `);
      return row === null ? null : { incidentId: row.incidentId, at: row.at, text: open(own, id, row.sealed) };
    },
  };
}
