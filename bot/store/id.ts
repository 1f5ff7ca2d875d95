import { randomBytes } from 'node:crypto';

/** UUID version 7 (RFC 9562, 5.7): milliseconds since the epoch, then 74 random bits, so ids sort by time. */
export function uuidv7(now: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** When such an id was made; null for other ids. */
export function timeOfUuidv7(id: string): Date | null {
  const [, time] = /^([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id) ?? [];
  return time === undefined ? null : new Date(Number.parseInt(time.replace('-', ''), 16));
}
