import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own. */
export interface SmallDisk {
  readonly path: string;
  /** `room`: bytes that are left, in pages of 4 KiB. */
  fill(room?: number): void;
  free(): void;
  remove(): void;
}

/** Of that size (`64k`, `192m`), below a directory; null where this user may not mount one. */
export function smallDisk(directory: string, size: string): SmallDisk | null {
  const path = join(directory, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill(room = 0) {
      const file = openSync(filler, 'w');
      let written = 0;
      try {
        for (let step = 1 << 20; step >= 512; step >>= 1) {
          try {
            for (;;) written += writeSync(file, Buffer.alloc(step));
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          }
        }
      } finally {
        closeSync(file);
      }
      if (room > 0) truncateSync(filler, written - room);
    },
    free: () => rmSync(filler),
    remove: () => execFileSync('umount', ['-l', path]),
  };
}
