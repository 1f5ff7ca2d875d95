import type { Layout, Point } from './layout.ts';
import type { Relation } from './model.ts';
import { widthOf } from './text.ts';
import { dashes, fillClass, strokeClass, type Theme } from './theme.ts';
import { element, xml } from './xml.ts';

const at = ({ x, y }: Point) => `${x.toFixed(1)},${y.toFixed(1)}`;

function stroke(relation: Relation, theme: Theme) {
  return {
    class: strokeClass(relation),
    stroke: theme.relations[relation],
    'stroke-dasharray': dashes[relation],
    'stroke-width': 1.7,
    fill: 'none',
  };
}

/** A triangle that ends at `tip`. */
function head(from: Point, tip: Point, relation: Relation, theme: Theme): string {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const [dx, dy] = [(tip.x - from.x) / length, (tip.y - from.y) / length];
  const base = { x: tip.x - dx * 9, y: tip.y - dy * 9 };
  const sides = [4, -4].map((side) => ({ x: base.x - dy * side, y: base.y + dx * side }));
  return element('polygon', { class: fillClass(relation), points: [tip, ...sides].map(at).join(' '), fill: theme.relations[relation] });
}

export function drawLine({ spline, tip }: NonNullable<Layout['lines'][number]>, relation: Relation, theme: Theme): string {
  const [first, ...rest] = spline;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const d = `M${at(first)} C${rest.map(at).join(' ')}`;
  return element('path', { d, ...stroke(relation, theme) }) + head(last, tip, relation, theme);
}

/** Pixels. */
const sampleLength = 38;

/** How the lines of a relation look, to the right of that point. */
export function sampleOf(relation: Relation, { x, y }: Point, theme: Theme): string {
  return (
    element('path', { d: `M${x},${y} H${x + 30}`, ...stroke(relation, theme) }) +
    head({ x, y }, { x: x + sampleLength, y }, relation, theme)
  );
}

/** What the lines mean, side by side, only those that are drawn. */
export function legend(relations: readonly Relation[], left: number, y: number, theme: Theme): string {
  let x = left;
  return relations
    .map((relation) => {
      const start = x;
      x += sampleLength + 6 + widthOf(relation, 11.5) + 18;
      return (
        sampleOf(relation, { x: start, y }, theme) +
        element('text', { class: 'quiet', x: start + sampleLength + 6, y: y + 4, 'font-size': 11.5, fill: theme.quiet }, [xml(relation)])
      );
    })
    .join('');
}
