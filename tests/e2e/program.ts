import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './system.ts';

const main = fileURLToPath(new URL('../../bot/main.ts', import.meta.url));

/** `watchkeeper` as a person starts it. */
export interface Program {
  readonly child: ChildProcess;
  /** Both streams, line by line, as far as they came. */
  readonly lines: readonly string[];
  /** Resolves to the first group of the first line that matches; rejects when the program ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Exit status; null when a signal ended it. What it started may live on. */
  readonly ended: Promise<number | null>;
  /** Everything that it printed is in `lines`. */
  readonly closed: Promise<unknown>;
}

/** Runs the command with an environment of its own. */
export function startProgram(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, [main, ...argv], { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (text) => {
      lines.push(text);
      wake();
    });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const closed = once(child, 'close');
  return {
    child,
    lines,
    ended,
    closed,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.map((text) => pattern.exec(text)).find((match) => match !== null);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found?.[1] ?? '');
        };
        waiting.add(look);
        look();
        void closed.then(() => reject(new Error(`the program ended before ${pattern}:\n${lines.join('\n')}`)));
      }),
  };
}
