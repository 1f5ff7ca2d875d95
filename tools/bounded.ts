import type { Readable } from 'node:stream';

export interface Kept {
  text(): string;
  truncated(): boolean;
}

/** Keeps the first `limit` bytes of a stream and lets the rest pass, so that its writer is never blocked. */
export function keepHead(stream: Readable, limit: number): Kept {
  const chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  stream.on('data', (chunk: Buffer) => {
    const room = limit - kept;
    if (chunk.length > room) truncated = true;
    if (room <= 0) return;
    const part = chunk.subarray(0, room);
    chunks.push(part);
    kept += part.length;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => truncated };
}
