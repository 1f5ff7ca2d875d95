import { arrange, boxesOf, linesOf } from './arrange.ts';
import { describe } from './describe.ts';
import { legend } from './line.ts';
import { type EvidenceGraph, Relation } from './model.ts';
import { type Picked, pick } from './pick.ts';
import { wrap } from './text.ts';
import { autoStyle, dark, light } from './theme.ts';
import { element, xml } from './xml.ts';

export interface PictureOptions {
  readonly title: string;
  /** `auto` follows the reader's setting where the picture is shown by a browser. */
  readonly theme: 'light' | 'dark' | 'auto';
}

/** Pixels; the width that Slack gives a picture. */
const width = 700;
const margin = 14;
const widest = 270;

/** Only what is drawn is explained, and what is left out is said. */
function foot({ graph, left }: Picked) {
  const drawn = new Set(graph.edges.map(({ relation }) => relation));
  const notes = left === null ? [] : wrap(`Not shown: ${left}.`, { width: width - 2 * margin, size: 11.5, lines: 2 });
  return { relations: Relation.options.filter((relation) => drawn.has(relation)), notes };
}

const rootAttributes = {
  xmlns: 'http://www.w3.org/2000/svg',
  role: 'graphics-document',
  'aria-roledescription': 'evidence graph',
  'aria-labelledby': 'evidence-title evidence-text',
  'font-family': "'DejaVu Sans', Verdana, sans-serif",
} as const;

/** A picture of the strongest evidence: an SVG document without scripts and without anything from elsewhere. */
export async function evidenceSvg(all: EvidenceGraph, { title, theme: wanted }: PictureOptions): Promise<string> {
  const picked = pick(all);
  const theme = wanted === 'dark' ? dark : light;
  const arranged = await arrange(picked.graph, { width: width - 2 * margin, widest });
  const heading = wrap(title, { width: width - 2 * margin, size: 14, lines: 2, bold: true });
  const top = margin + heading.length * 19 + 8;
  const { relations, notes } = foot(picked);
  const legendY = top + arranged.height + 24;
  const height = legendY + 14 + notes.length * 16 + margin;
  const words = (lines: readonly string[], x: number, y: number, step: number, look: Record<string, string | number>) =>
    lines.map((line, index) => element('text', { x, y: y + index * step, ...look }, [xml(line)]));
  const left = Math.max(margin, (width - arranged.width) / 2);
  const lines = linesOf(arranged, theme).map(({ svg }) => svg);
  const drawn = boxesOf(arranged, theme).map(({ svg }) => svg);
  return element('svg', { ...rootAttributes, width, height, viewBox: `0 0 ${width} ${height}` }, [
    element('title', { id: 'evidence-title' }, [xml(title)]),
    element('desc', { id: 'evidence-text' }, [xml(describe(picked))]),
    ...(wanted === 'auto' ? [element('style', {}, [autoStyle])] : []),
    element('rect', { class: 'page', width, height, fill: theme.page }),
    ...words(heading, margin, margin + 14, 19, { class: 'text', 'font-size': 14, 'font-weight': 'bold', fill: theme.text }),
    element('g', { transform: `translate(${left} ${top})` }, [element('g', { 'aria-hidden': 'true' }, [...lines, ' ']), ...drawn]),
    element('g', { 'aria-hidden': 'true' }, [legend(relations, margin, legendY, theme), ' ']),
    ...words(notes, margin, legendY + 24, 16, { class: 'quiet', 'font-size': 11.5, fill: theme.quiet }),
  ]);
}
