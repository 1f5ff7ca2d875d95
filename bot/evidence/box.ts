import type { Point, Sized } from './layout.ts';
import type { EvidenceEdge, EvidenceNode } from './model.ts';
import { wrap } from './text.ts';
import { fillClass, strokeClass, type Theme } from './theme.ts';
import { element, xml } from './xml.ts';

/** Pixels. */
const padding = 10;
const stripe = 4;
const sizes = { kind: 10.5, label: 12.5, detail: 11.5 } as const;
const leading = { kind: 15, label: 16, detail: 15 } as const;

interface Line {
  readonly text: string;
  readonly style: keyof typeof sizes;
}

export interface Box extends Sized {
  readonly node: EvidenceNode;
  readonly lines: readonly Line[];
}

/** Where the kind alone would promise too much. */
const headings: Readonly<Partial<Record<EvidenceNode['kind'], string>>> = { memory: 'remembered, no proof' };

/** What a node is, and how it stands: `finding · 95 %`. */
export function headOf({ kind, state, confidence, at }: EvidenceNode): string {
  const sure = confidence === null ? null : `${Math.round(confidence * 100)} %`;
  const standing = kind === 'observation' && state === 'ok' ? null : state;
  const when = at === null || kind === 'observation' ? null : kind === 'memory' ? at.slice(0, 10) : `${at.slice(11, 16)} UTC`;
  return [headings[kind] ?? kind, sure, standing?.replaceAll('_', ' '), when].filter((part) => part).join(' · ');
}

/** Of an observation first what was cited of it, then where that comes from. */
function wordsOf(node: EvidenceNode, edges: readonly EvidenceEdge[]): readonly [string, string | null] {
  const note = node.kind === 'observation' ? edges.find(({ from, note: cited }) => from === node.id && cited !== null)?.note : undefined;
  return note ? [note, node.label] : [node.label, node.detail];
}

/** `0.30200000000001986` says no more than `0.302`. */
function shortNumbers(text: string): string {
  return text.replaceAll(/\d+\.\d{5,}/g, (number) => String(Number(Number(number).toPrecision(3))));
}

/** A verification that failed looks like what speaks against. */
function looksOf({ kind, state }: EvidenceNode, theme: Theme) {
  if (kind === 'verification' && state === 'failed')
    return { fill: fillClass('contradicts'), stroke: strokeClass('contradicts'), color: theme.relations.contradicts };
  return { fill: fillClass(kind), stroke: strokeClass(kind), color: theme.kinds[kind] };
}

const limits: Readonly<Record<EvidenceNode['kind'], { label: number; detail: number }>> = {
  alert: { label: 4, detail: 1 },
  change: { label: 4, detail: 1 },
  observation: { label: 6, detail: 2 },
  finding: { label: 5, detail: 7 },
  step: { label: 5, detail: 2 },
  verification: { label: 5, detail: 6 },
  memory: { label: 3, detail: 4 },
};

export function boxOf(node: EvidenceNode, edges: readonly EvidenceEdge[], width: number): Box {
  const inner = width - 2 * padding - stripe;
  const cut = (text: string, style: keyof typeof sizes, lines: number, bold = false) =>
    wrap(shortNumbers(text), { width: inner, size: sizes[style], lines, bold }).map((line): Line => ({ text: line, style }));
  const [label, detail] = wordsOf(node, edges);
  const lines = [
    ...cut(headOf(node).toUpperCase(), 'kind', 3, true),
    ...cut(label, 'label', limits[node.kind].label, true),
    ...(detail === null ? [] : cut(detail, 'detail', limits[node.kind].detail)),
  ];
  const height = 2 * padding + lines.reduce((sum, { style }) => sum + leading[style], 0);
  return { id: node.id, node, lines, width, height };
}

function textLines({ node, lines }: Box, left: number, top: number, theme: Theme): readonly string[] {
  const looks = looksOf(node, theme);
  const styles = {
    kind: { class: looks.fill, fill: looks.color, 'font-weight': 'bold', 'letter-spacing': 0.2 },
    label: { class: 'text', fill: theme.text, 'font-weight': 'bold' },
    detail: { class: 'quiet', fill: theme.quiet },
  } as const;
  let y = top;
  return lines.map(({ text, style }) => {
    y += leading[style];
    return element('text', { x: left, y: y - 3.5, 'font-size': sizes[style], ...styles[style] }, [xml(text)]);
  });
}

/** A box with its text, named for those who do not see it. */
export function drawBox(box: Box, { x, y }: Point, theme: Theme): string {
  const { node, width, height } = box;
  const looks = looksOf(node, theme);
  const [left, top] = [x - width / 2, y - height / 2];
  const name = [headOf(node), node.label, ...(node.detail === null ? [] : [node.detail])].join('. ');
  return element('g', { role: 'graphics-symbol', 'aria-label': name, 'data-node': node.id, 'data-kind': node.kind }, [
    element('title', {}, [xml(name)]),
    element('rect', {
      class: `box ${looks.stroke}`,
      x: left,
      y: top,
      width,
      height,
      rx: 5,
      fill: theme.box,
      stroke: looks.color,
      'stroke-width': node.kind === 'finding' ? 2 : 1,
      ...(node.kind === 'memory' && { 'stroke-dasharray': '5 3' }),
    }),
    element('rect', { class: looks.fill, x: left, y: top + 5, width: stripe, height: height - 10, fill: looks.color }),
    ...textLines(box, left + padding + stripe, top + padding, theme),
  ]);
}
