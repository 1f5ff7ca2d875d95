import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ChunkResult } from './verify-chunk.ts';
import { openParts, type PartsInput } from './verify-part.ts';

const mostThreads = 8;

interface Answer {
  readonly part: number;
  readonly result: ChunkResult;
}

/** Parts that may be done before the one whose turn it is, per thread: they are kept until then. */
const ahead = 4;
/** Parts that a thread is told at once, so that it need not wait for the next one. */
const told = 2;

interface Crew {
  /** Resolves with the part, once it is done. Throws what a thread died of. */
  result(part: number): Promise<ChunkResult>;
  close(): Promise<void>;
}

/** `own`: how this thread reads parts; it does its share. */
function startCrew(input: PartsInput, parts: number, own: (part: number) => ChunkResult): Crew {
  const threads = Math.min(availableParallelism(), mostThreads, parts);
  const done = new Map<number, ChunkResult>();
  const free: Worker[] = [];
  let [asked, given] = [0, 0];
  let died: { readonly cause: unknown } | null = null;
  let news = Promise.withResolvers<void>();
  const wake = () => {
    news.resolve();
    news = Promise.withResolvers<void>();
  };
  const mayAsk = () => asked < Math.min(parts, given + threads * ahead);
  const ask = () => {
    for (; mayAsk() && free.length > 0; asked += 1) free.shift()?.postMessage(asked);
  };
  const workers = Array.from({ length: threads - 1 }, () => {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { workerData: input, env: {}, execArgv: [] });
    worker.on('message', ({ part, result }: Answer) => {
      done.set(part, result);
      free.push(worker);
      ask();
      wake();
    });
    worker.on('error', (error) => {
      died = { cause: error };
      wake();
    });
    return worker;
  });
  for (let round = 0; round < told; round += 1) free.push(...workers);

  async function work(): Promise<void> {
    if (!mayAsk()) return news.promise;
    const part = asked;
    asked += 1;
    done.set(part, own(part));
    // What the others have done meanwhile is waiting to be heard.
    return turn();
  }

  return {
    async result(part) {
      given = part;
      for (;;) {
        ask();
        if (died !== null) throw died.cause;
        const result = done.get(part);
        if (result !== undefined) {
          done.delete(part);
          return result;
        }
        await work();
      }
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}

/** The parts of a file in their order, read and hashed by as many threads as there are cores, this one among them. All others end with the reader. */
export async function* chunksOf(input: PartsInput, parts: number): AsyncGenerator<ChunkResult> {
  const own = openParts(input);
  const crew = startCrew(input, parts, own.read);
  try {
    for (let part = 0; part < parts; part += 1) yield await crew.result(part);
  } finally {
    await crew.close();
    own.close();
  }
}
