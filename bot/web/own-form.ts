import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** In constant time; nothing is the same as nothing. */
export function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}

/** A form of another site does not get this far where the browser says where it came from. `base`: our own address. */
export function isOwnForm({ headers }: Pick<FastifyRequest, 'headers'>, base: string): boolean {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  return site === 'same-origin' && (headers.origin === undefined || headers.origin === new URL(base).origin);
}
