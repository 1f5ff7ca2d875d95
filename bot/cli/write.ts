import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { type ApiClient, ApiUnavailable } from '../api/client.ts';
import { type JsonFlag, withJson } from './context.ts';

export interface WriteFlags extends JsonFlag {
  readonly idempotencyKey?: string;
}

/** As the API takes it (bot/api/conduct/idempotency.ts). */
function key(value: string): string {
  if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(value)) throw new InvalidArgumentError('1 to 255 visible ASCII characters.');
  return value;
}

/** A command that changes something over the API. */
export function withWrite(command: Command): Command {
  return withJson(command).option(
    '--idempotency-key <key>',
    'however often it is sent with this key, it takes effect once; each command makes its own when absent',
    key,
  );
}

/** One write, which takes effect once however often it is sent. Throws as the client does; where the answer is missing, the words say how to ask again. */
export async function write<T>(client: ApiClient, path: string, answer: z.ZodType<T>, body: unknown, flags: WriteFlags): Promise<T> {
  const own = flags.idempotencyKey ?? randomUUID();
  try {
    return await client.request('POST', path, answer, body, own);
  } catch (error) {
    if (!(error instanceof ApiUnavailable)) throw error;
    const again = `whether it took effect is not known; run it again with --idempotency-key ${own}, and it takes effect once`;
    throw new ApiUnavailable(`${error.message}: ${again}`, error);
  }
}
