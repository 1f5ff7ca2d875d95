import type { Progress } from '../ports.ts';

/** Milliseconds between two words about a model that is being asked: Slack takes about one update of a message in three seconds. */
const everyMs = 3_000;

/** Characters of a token, about. */
const charactersPerToken = 4;

export interface Thinking {
  /** Rounds of reads that it asked for before, and how many it may ask for. */
  readonly round: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Of its answer so far. */
  readonly characters: number;
}

/** How far a model is. Only figures: what it says is checked first, and shown when it is done. */
export function thinkingWords({ round, rounds, seconds, characters }: Thinking): string {
  const tokens = Math.ceil(characters / charactersPerToken);
  const answer = tokens === 0 ? 'no answer yet' : `about ${tokens} tokens of its answer`;
  return `Asked ${round + 1} of at most ${rounds + 1} times: ${seconds} s, ${answer}`;
}

/** A progress of which the task at `index` says these words. */
export function withDetail(progress: Progress, index: number, detail: string): Progress {
  return { ...progress, tasks: progress.tasks.map((task, at) => (at === index ? { ...task, detail } : task)) };
}

export interface Telling {
  /** A piece of the answer came. */
  readonly heard: (piece: string) => void;
  readonly stop: () => void;
}

/** Tells how far a model is, every few seconds until it is stopped. `tell` fails for nobody. */
export function tellThinking({ round, rounds }: Pick<Thinking, 'round' | 'rounds'>, tell: (words: string) => void): Telling {
  const started = performance.now();
  let characters = 0;
  const timer = setInterval(
    () => tell(thinkingWords({ round, rounds, seconds: Math.round((performance.now() - started) / 1_000), characters })),
    everyMs,
  );
  return {
    heard: (piece) => {
      characters += piece.length;
    },
    stop: () => clearInterval(timer),
  };
}
