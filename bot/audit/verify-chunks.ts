import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ChunkResult } from './verify-chunk.ts';
import { openParts, type PartsInput } from './verify-part.ts';

const mostWorkers = 8;

interface Answer {
  readonly part: number;
  readonly result: ChunkResult;
}

/** Parts that the threads may be ahead of the one whose turn it is, per thread: they are kept until then. */
const ahead = 4;

interface Crew {
  /** Resolves with the part, once it is done. Throws what a thread died of. */
  result(part: number): Promise<ChunkResult>;
  close(): Promise<void>;
}

function startCrew(input: PartsInput, parts: number): Crew {
  const count = Math.min(availableParallelism(), mostWorkers, parts);
  const results = new Map<number, PromiseWithResolvers<ChunkResult>>();
  const idle: Worker[] = [];
  let [asked, given] = [0, 0];
  const ask = () => {
    for (; asked < Math.min(parts, given + count * ahead) && idle.length > 0; asked += 1) {
      const result = Promise.withResolvers<ChunkResult>();
      // Whoever waits for it hears of it.
      result.promise.catch(() => {});
      results.set(asked, result);
      idle.pop()?.postMessage(asked);
    }
  };
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { workerData: input, env: {}, execArgv: [] });
    worker.on('message', ({ part, result }: Answer) => {
      results.get(part)?.resolve(result);
      idle.push(worker);
      ask();
    });
    worker.on('error', (error) => {
      for (const { reject } of results.values()) reject(error);
    });
    idle.push(worker);
    return worker;
  });
  return {
    async result(part) {
      given = part;
      ask();
      const result = await results.get(part)?.promise;
      results.delete(part);
      if (result === undefined) throw new RangeError(`part ${part} was not asked for`);
      return result;
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}

/** The parts of a file in their order, read and hashed by as many threads as there are cores; a single part needs none. All threads end with the reader. */
export async function* chunksOf(input: PartsInput, parts: number): AsyncGenerator<ChunkResult> {
  if (parts === 1) {
    const only = openParts(input);
    yield only.read(0);
    return only.close();
  }
  const crew = startCrew(input, parts);
  try {
    for (let part = 0; part < parts; part += 1) yield await crew.result(part);
  } finally {
    await crew.close();
  }
}
