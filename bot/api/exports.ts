import { Readable } from 'node:stream';
import { Problem } from './problem.ts';

/** Exports at once: each holds a page in memory, and takes its turns among the reads. */
const mostExports = 8;

/** Lines as a body, for as long as it is read. Throws Problem 503 while there are too many. */
export type Export = (lines: AsyncGenerator<string>) => Readable;

export function createExports(most = mostExports): Export {
  let running = 0;
  return (lines) => {
    if (running >= most)
      throw new Problem(503, 'reads_busy', `${most} exports are under way. Come again when one of them is done.`, {
        headers: { 'retry-after': '30' },
      });
    running += 1;
    return Readable.from(lines).once('close', () => {
      running -= 1;
    });
  };
}
