import { plain, type Text } from './style.ts';

/** Of a character, in columns of a terminal. */
export const widthOf = (character: string) => (character.charCodeAt(0) > 0x2e7f ? 2 : 1);

/** How many characters from the start fit. */
function fitting(characters: readonly string[], width: number): number {
  let room = width;
  const over = characters.findIndex((character) => {
    room -= widthOf(character);
    return room < 0;
  });
  return over === -1 ? characters.length : Math.max(1, over);
}

function pieces(text: string, width: number): readonly string[] {
  const characters = [...text];
  const fits = fitting(characters, width);
  if (fits === characters.length) return [text];
  const space = characters.lastIndexOf(' ', fits);
  const end = space > fits / 2 ? space : fits;
  return [characters.slice(0, end).join(''), ...pieces(characters.slice(end).join('').replace(/^ /, ''), width)];
}

const least = 20;

/** All of a line, on as many as it takes: what somebody answers to is not cut. Broken between words where that is possible; what is below begins where it does. */
export function folded(text: Text, columns: number): readonly Text[] {
  const whole = plain(text).replaceAll(/[\n\t]/g, ' ');
  const width = Math.max(least, columns);
  const characters = [...whole];
  if (fitting(characters, width) === characters.length) return [text];
  const indent = (/^ */.exec(whole)?.[0] ?? '').slice(0, width - least);
  const lines = pieces(whole.slice(indent.length), width - indent.length).map((line) => `${indent}${line}`);
  const only = typeof text !== 'string' && text.length === 1 ? text[0] : undefined;
  return only === undefined || typeof only === 'string' ? lines : lines.map((line) => [{ ...only, text: line }]);
}
