import { createHash } from 'node:crypto';

/**
 * The same id for the same thing, so that a repeated create is recognised. It has the form of a version 4 UUID,
 * because that is the form which Linear takes from clients.
 */
export function stableUuid(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Last line of a text at a peer, by which it is found again: ids of decisions, as the audit log has them. */
export function referenceLine(key: string): string {
  return `ref ${key}`;
}

/** Whether a text at the peer is the one of that key. */
export function isReferenced(text: string, key: string): boolean {
  return text.trimEnd().split('\n').at(-1) === referenceLine(key);
}
