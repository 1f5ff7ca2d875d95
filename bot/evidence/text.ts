/**
 * Widths in parts of the font size, a little more than DejaVu Sans has: other fonts, with which a browser may show the same picture,
 * are narrower. A box that is a little wide is better than a line that leaves it.
 */
function advance(character: string): number {
  if (/[ilj.,:;'|!()[\]/ ft]/.test(character)) return 0.37;
  if (/[mwMW@%—]/.test(character)) return 0.98;
  if (/[A-Z0-9_]/.test(character)) return 0.66;
  return character.charCodeAt(0) > 0x2e7f ? 1.05 : 0.61;
}

const boldFactor = 1.1;

/** Pixels. */
export function widthOf(text: string, size: number, bold = false): number {
  return [...text].reduce((sum, character) => sum + advance(character), 0) * size * (bold ? boldFactor : 1);
}

export interface WrapOptions {
  readonly width: number;
  readonly size: number;
  readonly lines: number;
  readonly bold?: boolean;
}

/** How much of a word fits, at least one character; broken behind a mark of a name where there is one. */
function piece(word: string, fits: (text: string) => boolean): string {
  const characters = [...word];
  let end = 1;
  while (end < characters.length && fits(characters.slice(0, end + 1).join(''))) end += 1;
  const cut = characters.slice(0, end).join('');
  const mark = end === characters.length ? -1 : Math.max(...['.', '-', '_', '/', ':', ','].map((each) => cut.lastIndexOf(each)));
  return mark > cut.length / 2 ? cut.slice(0, mark + 1) : cut;
}

function pieces(text: string, fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  for (const word of text
    .replaceAll(/(\d) %/g, '$1\u00a0%')
    .split(/[ \t\n]+/)
    .filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && fits(`${last} ${word}`)) {
      lines[lines.length - 1] = `${last} ${word}`;
      continue;
    }
    for (let rest = word; rest !== ''; ) {
      const part = piece(rest, fits);
      lines.push(part);
      rest = rest.slice(part.length);
    }
  }
  return lines;
}

/** Lines that fit; what is left out at the end is shown by `…`. */
export function wrap(text: string, { width, size, lines, bold = false }: WrapOptions): readonly string[] {
  const fits = (line: string) => widthOf(line, size, bold) <= width;
  const all = pieces(text, fits);
  if (all.length <= lines) return all;
  let last = [...(all[lines - 1] ?? '')];
  while (last.length > 0 && !fits(`${last.join('')}…`)) last = last.slice(0, -1);
  return [...all.slice(0, lines - 1), `${last.join('')}…`];
}
