import { styleText } from 'node:util';
import { clean } from '../../tools/clean.ts';

/** What a word means; how that looks is said here, once. */
export type Meaning = 'good' | 'bad' | 'waiting' | 'quiet' | 'strong';

export interface Piece {
  readonly text: string;
  readonly meaning: Meaning;
}

/** A line, or parts of one. Nothing is said by colour alone. */
export type Text = string | readonly (string | Piece)[];

const looks = { good: 'green', bad: 'red', waiting: 'yellow', quiet: 'gray', strong: 'bold' } as const;

type Given = Readonly<Record<string, string | undefined>>;

/** https://no-color.org and https://force-color.org; the second goes first, as in Node.js. */
export function wantsColor({ FORCE_COLOR: force, NO_COLOR: no, TERM: term }: Given, isTerminal: boolean): boolean {
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && !no && term !== 'dumb';
}

const partsOf = (text: Text) => (typeof text === 'string' ? [text] : text);

export function plain(text: Text): string {
  return partsOf(text)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('');
}

/** For a terminal: text from outside cannot steer it, the colours are ours. */
export function painted(text: Text, color: boolean): string {
  return partsOf(text)
    .map((part) => {
      if (typeof part === 'string') return clean(part);
      return color ? styleText(looks[part.meaning], clean(part.text), { validateStream: false }) : clean(part.text);
    })
    .join('');
}

const good: readonly string[] = ['resolved', 'healthy', 'done', 'approved', 'held', 'ok', 'valid'];
const bad: readonly string[] = ['failed', 'rejected', 'rollback_failed', 'not_reversible', 'expired', 'stopped', 'refused', 'revoked'];
const over: readonly string[] = ['superseded', 'cancelled', 'skipped', 'unknown'];

/** The word of a state, so that it is seen how it stands. */
export function standing(state: string): Piece {
  const meaning = good.includes(state) ? 'good' : bad.includes(state) ? 'bad' : over.includes(state) ? 'quiet' : 'waiting';
  return { text: state.replaceAll('_', ' '), meaning };
}
