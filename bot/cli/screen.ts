import { emitKeypressEvents } from 'node:readline';
import { widthOf } from './fold.ts';
import { painted, type Text } from './style.ts';

/** A terminal that is redrawn as a whole, and gives one key at a time. */
export interface Screen {
  readonly rows: number;
  readonly columns: number;
  draw(lines: readonly Text[]): void;
  /** Every key from now on by its name, `c-c` for Ctrl-C; `text` is what it writes, '' for those that write nothing. Answers how to stop. */
  onKey(listener: (key: string, text: string) => void): () => void;
  /** Leaves the last lines where they are, and the terminal as it was. */
  close(): void;
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly sequence?: string;
}

/** A line that is too long would be two, and the next picture would begin at the wrong place. */
function fitted(text: Text, columns: number): Text {
  let room = columns - 1;
  const cut = (words: string) =>
    [...words.replaceAll(/[\n\t]/g, ' ')]
      .filter((character) => {
        room -= widthOf(character);
        return room >= 0;
      })
      .join('');
  return (typeof text === 'string' ? [text] : text).map((part) =>
    typeof part === 'string' ? cut(part) : { ...part, text: cut(part.text) },
  );
}

/** Null where standard input and output are not both a terminal. */
export function createScreen(color: boolean): Screen | null {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return null;
  let drawn = 0;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdout.write('\u001b[?25l');
  return {
    get rows() {
      return stdout.rows;
    },
    get columns() {
      return stdout.columns;
    },
    draw(lines) {
      const back = drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`;
      stdout.write(`${back}${lines.map((line) => `${painted(fitted(line, stdout.columns), color)}\n`).join('')}`);
      drawn = lines.length;
    },
    onKey(listener) {
      const told = (text: string | undefined, { name, ctrl, meta, sequence }: Key) => {
        const writes = ctrl !== true && meta !== true && text !== undefined && !/\p{Cc}/u.test(text);
        listener(ctrl === true ? `c-${name}` : (name ?? sequence ?? ''), writes ? text : '');
      };
      stdin.on('keypress', told);
      return () => stdin.off('keypress', told);
    },
    close() {
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write('\u001b[?25h');
    },
  };
}
