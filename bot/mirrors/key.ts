import { createHash } from 'node:crypto';

function digest(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(parts.join('\0')).digest();
}

/**
 * The same id for the same thing, so that a repeated create is recognised. It has the form of a version 4 UUID,
 * because that is the form which Linear takes from clients.
 */
export function stableUuid(...parts: readonly string[]): string {
  const bytes = digest(...parts).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Last line of a note, by which it is found again. */
export function noteKey(decisionId: string): string {
  return `ref ${digest('note', decisionId).toString('hex').slice(0, 16)}`;
}
