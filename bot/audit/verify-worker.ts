import { parentPort, workerData } from 'node:worker_threads';
import { openParts, type PartsInput } from './verify-part.ts';

/** Body of the threads that `verify-chunks.ts` starts. */
const parts = openParts(workerData as PartsInput);

parentPort?.on('message', (part: number) => parentPort?.postMessage({ part, result: parts.read(part) }));
