import { SlackRefusal } from './errors.ts';
import type { Json } from './types.ts';

/** Arguments whose values clients send as JSON text inside a form. */
const structured = new Set([
  'blocks',
  'attachments',
  'metadata',
  'view',
  'files',
  'loading_messages',
  'chunks',
  'prompts',
  'message',
  'file_ids',
  'document_content',
  'channel_ids',
]);

function decodeOne(key: string, value: string): unknown {
  if (!structured.has(key)) return value;
  try {
    return JSON.parse(value);
  } catch {
    throw key === 'blocks'
      ? new SlackRefusal('invalid_blocks_format')
      : new SlackRefusal('invalid_arguments', [`[ERROR] must be valid JSON [json-pointer:/${key}]`]);
  }
}

/** A form (or JSON) body → arguments. Refuses text that should be JSON and is not. */
export function decodeArguments(body: unknown): Json {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, typeof value === 'string' ? decodeOne(key, value) : value]));
}

export function missing(key: string): SlackRefusal {
  return new SlackRefusal('invalid_arguments', [`[ERROR] missing required field: ${key}`]);
}

/** An optional text; numbers and booleans arrive as text in forms and count as such. */
export function optionalText(args: Json, key: string): string | undefined {
  const value = args[key];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function requiredText(args: Json, key: string): string {
  const value = optionalText(args, key);
  if (value === undefined) throw missing(key);
  return value;
}

export function flag(args: Json, key: string): boolean {
  const value = args[key];
  return value === true || value === 'true' || value === '1' || value === 1;
}

/** A page size. Refuses with `invalid_limit` outside of 1 to 1000. */
export function limitOf(args: Json, fallback: number): number {
  const given = optionalText(args, 'limit');
  if (given === undefined) return fallback;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new SlackRefusal('invalid_limit');
  return limit;
}

/** Cursors are opaque to apps: a position, in base64. */
export function encodeCursor(position: string): string {
  return Buffer.from(`next:${position}`).toString('base64');
}

/** Refuses with `invalid_cursor`. */
export function cursorOf(args: Json): string | undefined {
  const cursor = optionalText(args, 'cursor');
  if (cursor === undefined) return undefined;
  const decoded = Buffer.from(cursor, 'base64').toString();
  if (!decoded.startsWith('next:')) throw new SlackRefusal('invalid_cursor');
  return decoded.slice('next:'.length);
}
